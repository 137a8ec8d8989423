"""What an agent tells the inbox besides its announcements, each in a journaled step of its own."""

import logging
from datetime import timedelta
from typing import Final

import restate

from agents.approval import inbox_client
from agents.approval.durable import inbox_step, is_cancel
from agents.approval.errors import InboxError
from restate_bridge.contract import InvalidAnswer, Report, Withdrawal, report_step

log = logging.getLogger("agents")
#: A cancelled run must end even when the inbox is away. What it couldn't tell by then stays untold, until the inbox
#: itself notices that the run has ended.
PATIENCE_AFTER_CANCEL: Final = timedelta(seconds=60)
#: What the inbox is told when a run was cancelled after a decision.
CANCELLED: Final = Report(state="failed", result="The run was cancelled after the decision.")
AFTER_CANCEL: Final = Withdrawal(reason="The run was cancelled.")
ASKED_NO_MORE: Final = Withdrawal(reason="The agent could not ask again after an answer that did not count.")


async def tell(
    ctx: restate.Context, tool: str, awakeable_id: str, told: Report, *, at_most: timedelta | None = None
) -> None:
    """Report to the inbox in a journaled step; a report that it refuses, or that runs out of ``at_most``, is given up.

    Raises:
        TerminalError: the run was cancelled; the report is tried again before, with little patience.
    """

    async def report() -> None:
        await inbox_client.report(awakeable_id, told)

    try:
        await inbox_step(ctx, report_step(tool), report, None, at_most=at_most)
    except restate.TerminalError as error:
        if is_cancel(error):
            await tell(ctx, tool, awakeable_id, told, at_most=PATIENCE_AFTER_CANCEL)
            raise


async def record_invalid(ctx: restate.Context, tool: str, awakeable_id: str, invalid: InvalidAnswer) -> None:
    """Record with the inbox that something other than a valid decision arrived; a record that it refuses is given up.

    Raises:
        TerminalError: the run was cancelled; the request is withdrawn before.
    """

    async def record() -> None:
        await inbox_client.record_invalid_answer(awakeable_id, invalid)

    try:
        await inbox_step(ctx, f"record invalid answer: {tool}", record, None)
    except restate.TerminalError as error:
        if is_cancel(error):
            await withdraw(ctx, tool, awakeable_id, AFTER_CANCEL)
            raise


async def withdraw_restarted(announcement_id: str, awakeable_id: str, why: Withdrawal) -> None:
    """Take back what a restarted run asked again only because its journal goes that far.

    The step that took the request back may be a copy, made for another awakeable. No step may repeat it, as every later
    restart would find another one in its place; so it is told at each replay, once, and given up when the inbox is
    away: the inbox notices by itself when the run has ended.
    """
    if announcement_id == awakeable_id:
        return
    try:
        await inbox_client.withdraw(awakeable_id, why)
    except (InboxError, restate.TerminalError) as error:
        log.warning("a restarted run's request could not be taken back: %s", error, extra={"awakeable": awakeable_id})


async def withdraw(ctx: restate.Context, tool: str, awakeable_id: str, why: Withdrawal) -> None:
    """Take a request back; given up when the inbox stays away.

    Raises:
        TerminalError: the run was cancelled meanwhile.
    """

    async def take_back() -> None:
        await inbox_client.withdraw(awakeable_id, why)

    try:
        await inbox_step(ctx, f"withdraw request: {tool}", take_back, None, at_most=PATIENCE_AFTER_CANCEL)
    except restate.TerminalError as error:
        if is_cancel(error):
            raise
