"""Announce, wait, check, acknowledge: the way from a question to a decision that stands."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

import restate
from pydantic import BaseModel
from restate.serde import BytesSerde

from agents.approval import inbox_client
from agents.approval.asking import Asking, announced, tell_of_restart
from agents.approval.configuration import countersign
from agents.approval.durable import inbox_step, is_cancel
from agents.approval.errors import JournalKeyMissing, RequestRefused
from agents.approval.reading import excerpt, token_in
from agents.approval.telling import (
    AFTER_CANCEL,
    CANCELLED,
    PATIENCE_AFTER_CANCEL,
    record_invalid,
    tell,
    withdraw,
)
from restate_bridge.contract import (
    Acknowledgement,
    CantOpen,
    DecisionClaims,
    InvalidAnswer,
    InvalidDecision,
    Kind,
    Outcome,
    Receipt,
    Report,
    acknowledge_step,
    span,
    token_in_reject_text,
    verify_decision,
)

_FITTING: Final = {
    Kind.APPROVAL: {Outcome.APPROVED, Outcome.REJECTED, Outcome.EXPIRED},
    Kind.QUESTION: {Outcome.ANSWERED, Outcome.REJECTED, Outcome.EXPIRED},
}


@dataclass(frozen=True)
class Waiting:
    """A request that the inbox has, and the decision to come."""

    asking: Asking
    awakeable_id: str
    receipt: Receipt
    decision: restate.RestateDurableFuture[bytes]


@dataclass(frozen=True)
class Settled:
    """A decision that was verified and stands, and the awakeable that it came by."""

    awakeable_id: str
    claims: DecisionClaims


class _Checked(BaseModel):
    """What became of an answer, as it is journaled: the claims of a decision that stands, or why it is none."""

    claims: DecisionClaims | None = None
    invalid: InvalidAnswer | None = None


async def settle(ctx: restate.Context, asking: Asking, *, supersedes: str | None = None) -> Settled:
    """Ask people until there is a decision that is signed, meant for this request, and stands.

    Args:
        supersedes: the awakeable of an earlier request of this run, in whose place this one is made.

    Raises:
        RequestRefused: the request can't be made, or the inbox will never take it or the decision's acknowledgement.
        TerminalError: the run was cancelled (409; the request is withdrawn).
    """
    waiting = await ask(ctx, asking, supersedes=supersedes)
    while not (settled := await conclude(ctx, waiting)):
        waiting = await ask(ctx, asking, supersedes=waiting.awakeable_id)
    return settled


async def ask(ctx: restate.Context, asking: Asking, *, supersedes: str | None = None) -> Waiting:
    """Make a request, in place of the one whose answer did not count if there is one.

    Raises:
        RequestRefused: the request can't be made, or the inbox will never take it.
        TerminalError: the run was cancelled; the request is withdrawn.
    """
    awakeable_id, decision = ctx.awakeable(serde=BytesSerde())
    receipt = await announced(ctx, asking, awakeable_id, supersedes)
    await tell_of_restart(asking, receipt.announcement_id, awakeable_id)
    return Waiting(asking, awakeable_id, receipt, decision)


async def conclude(ctx: restate.Context, waiting: Waiting) -> Settled | None:
    """Wait for an answer and check it; None when it did not count, which the inbox is told.

    Raises:
        RequestRefused: the inbox will never take the decision's acknowledgement.
        TerminalError: the run was cancelled; the request is withdrawn.
    """
    checked = await _checked(ctx, waiting, await _answer(ctx, waiting))
    if checked.claims is not None:
        return Settled(waiting.awakeable_id, checked.claims)
    invalid = checked.invalid or InvalidAnswer(code="malformed")
    await record_invalid(ctx, waiting.asking.tool, waiting.awakeable_id, invalid)
    return None


async def _answer(ctx: restate.Context, waiting: Waiting) -> str:
    """Wait, with awakeables and nothing else open: an open timer would make the run impossible to restart."""
    try:
        return token_in(await waiting.decision)
    except (JournalKeyMissing, CantOpen):
        return ""  # Sealed by nobody, or with a key that is not here: it doesn't count, as any other garbage.
    except restate.TerminalError as error:
        if is_cancel(error):
            await withdraw(ctx, waiting.asking.tool, waiting.awakeable_id, AFTER_CANCEL)
            raise
        return token_in_reject_text(error.message)


async def _checked(ctx: restate.Context, waiting: Waiting, answer: str) -> _Checked:
    """Verify and acknowledge in one journaled step, so that a replay after a key's rotation sees what was seen then."""
    asking, receipt, awakeable_id = waiting.asking, waiting.receipt, waiting.awakeable_id

    async def check() -> _Checked:
        try:
            keys = countersign().verify_keys.keys()
            claims = verify_decision(answer, announcement_id=receipt.announcement_id, digest=asking.digest, keys=keys)
            if claims.outcome not in _FITTING[asking.kind]:
                raise InvalidDecision("malformed", f"{claims.outcome} is no decision on an {asking.kind}")
        except InvalidDecision as error:
            return _Checked(invalid=InvalidAnswer(code=error.code, excerpt=excerpt(answer)))
        with span(acknowledge_step(asking.tool), parent=claims.traceparent) if claims.traceparent else nullcontext():
            verdict = await inbox_client.acknowledge(awakeable_id, Acknowledgement(decision_id=claims.decision_id))
        if not verdict.go:
            return _Checked(invalid=InvalidAnswer(code="not_standing", excerpt=excerpt(verdict.reason)))
        return _Checked(claims=claims)

    try:
        return await inbox_step(ctx, acknowledge_step(asking.tool), check, _Checked)
    except restate.TerminalError as error:
        if is_cancel(error):
            await tell(ctx, asking.tool, awakeable_id, CANCELLED, at_most=PATIENCE_AFTER_CANCEL)
            raise
        await tell(ctx, asking.tool, awakeable_id, Report(state="failed", result=error.message))
        raise RequestRefused(error.message, error.status_code) from error
