"""What happened between the making of a page and its socket: told at once, or a refresh where that is not known."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime

from channels.db import database_sync_to_async
from django.db import DatabaseError

from approvals.live.outbox import CHANGED, REFRESH, Message
from approvals.selectors.audience import audience_of
from approvals.selectors.record import changed_since

logger = logging.getLogger(__name__)


async def missed_since(made_at: int, user_id: int) -> Collection[Message]:
    """Return what a page that was made then (seconds) is to be told; it hears by itself of what happens from now on."""
    try:
        changed = await database_sync_to_async(_seen_by)(user_id, datetime.fromtimestamp(made_at, UTC))
    except (DatabaseError, OverflowError, ValueError, OSError) as error:
        logger.warning("what a page has missed is not known, it refreshes: %s", error)
        return [REFRESH]
    return [REFRESH] if changed is None else [(CHANGED, request_id) for request_id in changed]


def _seen_by(user_id: int, moment: datetime) -> list[int] | None:
    changed = changed_since(moment)
    if not changed:
        return None if changed is None else []
    audience = audience_of(changed, [user_id])
    return sorted(request_id for request_id in changed if user_id in audience.get(request_id, ()))
