"""Keeps this process's open pages known, and sweeps away those of processes that died."""

import asyncio
import logging
from typing import Final

from channels.db import database_sync_to_async
from django.utils import timezone

from approvals.live.viewers import Viewers
from approvals.services.presence import OpenPage, close_page, renew_pages, sweep_stale_pages

logger = logging.getLogger(__name__)

# Seconds: twice may fail before a page counts as stale.
_EVERY: Final = 20.0


async def renew_for_ever(viewers: Viewers) -> None:
    """Renew and sweep, one query each, for as long as this process lives."""
    while True:
        await asyncio.sleep(_EVERY)
        await renew_once(viewers)


async def renew_once(viewers: Viewers) -> None:
    """Renew what is open here, and sweep what nobody renews."""
    pages = [viewer.page for viewer in viewers if viewer.page]
    try:
        await _renew(pages)
        # A page that was closed while it was renewed may have been noted anew.
        for page in set(pages) - {viewer.page for viewer in viewers}:
            await database_sync_to_async(close_page)(page=page)
    except Exception:
        logger.exception("open pages could not be renewed, the next try is in %s s", _EVERY)


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def _renew(pages: list[OpenPage]) -> None:
    if pages:
        renew_pages(pages=pages, at=timezone.now())
    sweep_stale_pages(at=timezone.now())
