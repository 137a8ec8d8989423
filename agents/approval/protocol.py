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
from agents.approval.errors import RequestRefused
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
class Settled:
    """A decision that was verified and stands, and the awakeable that it came by."""

    awakeable_id: str
    claims: DecisionClaims


class _Checked(BaseModel):
    """What became of an answer, as it is journaled: the claims of a decision that stands, or why it is none."""

    claims: DecisionClaims | None = None
    invalid: InvalidAnswer | None = None


async def settle(ctx: restate.Context, asking: Asking) -> Settled:
    """Ask people until there is a decision that is signed, meant for this request, and stands.

    Raises:
        RequestRefused: the request can't be made, or the inbox will never take it or the decision's acknowledgement.
        TerminalError: the run was cancelled (409; the request is withdrawn).
    """
    supersedes: str | None = None
    while True:
        awakeable_id, future = ctx.awakeable(serde=BytesSerde())
        receipt = await announced(ctx, asking, awakeable_id, supersedes)
        await tell_of_restart(asking, receipt.announcement_id, awakeable_id)
        answer = await _answer(ctx, asking, awakeable_id, future)
        checked = await _checked(ctx, asking, receipt, awakeable_id, answer)
        if checked.claims is not None:
            return Settled(awakeable_id, checked.claims)
        await record_invalid(ctx, asking.tool, awakeable_id, checked.invalid or InvalidAnswer(code="malformed"))
        supersedes = awakeable_id


async def _answer(
    ctx: restate.Context, asking: Asking, awakeable_id: str, future: restate.RestateDurableFuture[bytes]
) -> str:
    """Wait, with one awakeable and nothing else open: an open timer would make the run impossible to restart."""
    try:
        return token_in(await future)
    except restate.TerminalError as error:
        if is_cancel(error):
            await withdraw(ctx, asking.tool, awakeable_id, AFTER_CANCEL)
            raise
        return token_in_reject_text(error.message)


async def _checked(ctx: restate.Context, asking: Asking, receipt: Receipt, awakeable_id: str, answer: str) -> _Checked:
    """Verify and acknowledge in one journaled step, so that a replay after a key's rotation sees what was seen then."""

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
