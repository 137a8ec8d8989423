"""A request for people, and its announcement."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import restate
from pydantic import ValidationError
from restate.exceptions import RetryableError

from agents.approval import inbox_client
from agents.approval.durable import inbox_step, is_cancel
from agents.approval.errors import InboxError, RequestRefused, in_words
from agents.approval.telling import AFTER_CANCEL, ASKED_NO_MORE, withdraw
from restate_bridge.contract import (
    Announcement,
    FileReference,
    Kind,
    Rebinding,
    Receipt,
    RunReference,
    announce_step,
    has_journal_keys,
)

_PAUSE: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Asking:
    """What is asked, and by which tool.

    Attributes:
        kind: approval or question.
        tool: the tool's name; the journal's steps are named after it.
        digest: of the tool and its arguments.
        run: the run that asks.
        announcement: makes the announcement, given the id that it supersedes; called inside a step.
        files: sends what goes along, and returns what the announcement says of it; called inside the same step.
    """

    kind: Kind
    tool: str
    digest: str
    run: RunReference
    announcement: Callable[[str | None], Announcement]
    files: Callable[[], Awaitable[list[FileReference]]] | None = None


async def announced(ctx: restate.Context, asking: Asking, awakeable_id: str, supersedes: str | None) -> Receipt:
    """Announce in a journaled step, tried again until the inbox has taken it or never will.

    Raises:
        RequestRefused: the request can't be made, or the inbox will never take it.
        TerminalError: the run was cancelled. In both cases no earlier request is left open.
    """

    async def announce() -> Receipt:
        announcement = _announcement(asking, supersedes)
        if has_journal_keys():
            announcement = announcement.model_copy(update={"sealed": True})
        if asking.files:
            announcement = announcement.model_copy(update={"files": await asking.files()})
        return await inbox_client.announce(awakeable_id, announcement)

    try:
        return await inbox_step(ctx, announce_step(asking.kind, asking.tool), announce, Receipt)
    except restate.TerminalError as error:
        if is_cancel(error):  # The announcement may have arrived all the same.
            await withdraw(ctx, asking.tool, awakeable_id, AFTER_CANCEL)
        if supersedes is not None:  # Nothing takes its place, and nobody waits for it any more.
            await withdraw(ctx, asking.tool, supersedes, AFTER_CANCEL if is_cancel(error) else ASKED_NO_MORE)
        if is_cancel(error):
            raise
        raise RequestRefused(error.message, error.status_code) from error


def _announcement(asking: Asking, supersedes: str | None) -> Announcement:
    """Make the announcement.

    Raises:
        TerminalError: a field can't hold what it should say, which no further try would change.
    """
    try:
        return asking.announcement(supersedes)
    except ValidationError as error:
        raise restate.TerminalError(f"The request can't be made: {in_words(error)}", status_code=422) from error
    except ValueError as error:
        raise restate.TerminalError(f"The request can't be made: {error}", status_code=422) from error


async def tell_of_restart(asking: Asking, announcement_id: str, awakeable_id: str) -> None:
    """Tell the inbox which awakeable a restarted run waits for, when its journal holds another one's announcement.

    No step of the journal may tell it: every later restart would find another step in its place.

    Raises:
        RetryableError: the inbox is away or refuses. Restate tries again for as long as that lasts, while an error of
            any other kind would pause the run after an hour.
    """
    if announcement_id == awakeable_id:
        return
    try:
        await inbox_client.rebind(announcement_id, Rebinding(awakeable_id=awakeable_id, run=asking.run))
    except InboxError as error:
        raise RetryableError(str(error), retry_after=_PAUSE) from error
