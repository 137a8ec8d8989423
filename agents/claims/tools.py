"""What the claims agent can do: check, ask about a lost receipt, pay."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.adk.tools.tool_context import ToolContext
from restate.ext.adk import restate_context

from agents.approval import Escalation, RequestRefused, ask_human, current_decision, requires_approval
from agents.claims import rules
from agents.claims.claim import Claim
from agents.claims.ledger import pay_once

PAY_ANYWAY: Final = "Pay it anyway"
PAY_HALF: Final = "Pay half"
SWORN_STATEMENT: Final = "Ask for a sworn statement"
_SHARES: Final = {PAY_ANYWAY: 1.0, PAY_HALF: 0.5}


async def check_eligibility(claim: Claim) -> dict[str, Any]:
    """Check a claim against the rules for expenses. Do this before reimbursing.

    Args:
        claim: the expense.
    """

    def check() -> dict[str, Any]:
        objections = rules.objections(claim, datetime.now(UTC).date())
        return {
            "eligible": not objections,
            "objections": objections,
            "needs_approval": rules.needs_a_person(claim),
        }

    return await restate_context().run_typed("check eligibility", check)


async def decide_on_lost_receipt(claim: Claim, tool_context: ToolContext) -> dict[str, Any]:
    """Ask the finance team what to do about a claim whose receipt is lost, and wait for their answer.

    Args:
        claim: the expense.
    """
    try:
        answer = await ask_human(
            tool_context,
            f"The receipt for {claim.amount:,.2f} {claim.currency} ({claim.category}, {claim.date}) is lost. "
            "What should be done?",
            choices=(PAY_ANYWAY, PAY_HALF, SWORN_STATEMENT),
            groups=("finance",),
        )
    except RequestRefused as error:
        return {"status": "failed", "error": error.message}
    if answer.text in _SHARES:
        # What finance has decided, the rules don't overrule. Written outside a step, so that a replay writes it too.
        leave = {"amount": round(claim.amount * _SHARES[answer.text], 2), "by": answer.decided_by}
        tool_context.state[_leave_key(claim)] = leave
    return {"status": answer.status, "decision": answer.text, "decided_by": answer.decided_by, "note": answer.note}


@requires_approval(
    title="Reimburse {claim.category}: {claim.amount:,.2f} {claim.currency}",
    when=rules.needs_a_person,
    risk=rules.risk_of,
    groups=("finance",),
    deadline=timedelta(days=3),
    escalations=(
        Escalation(after=timedelta(days=1), remind=("finance",)),
        Escalation(after=timedelta(days=2), groups=("reviewers",)),
    ),
    editable=("claim.amount", "claim.reason", "claim.items", "claim.booking"),
    reject_reasons=(
        "The receipt is missing or can't be read.",
        "It is above what the travel policy allows.",
        "It was paid already.",
    ),
)
def reimburse(claim: Claim, tool_context: ToolContext) -> dict[str, Any]:
    """Pay a claim. Above 1,000 a person in finance decides first; up to 1,000 the rules decide.

    Args:
        claim: the expense.
    """
    decision, leave = current_decision(), tool_context.state.get(_leave_key(claim))
    by_leave = leave is not None and claim.amount <= leave["amount"]
    if not decision and not by_leave and (objections := rules.objections(claim, datetime.now(UTC).date())):
        return {"paid": False, "objections": objections}
    # The call's id stays the same in a replay and in a run that is restarted behind the model's call; an expense that
    # finance has decided on is paid once, however often the model asks.
    payment_id = f"{tool_context.session.id}/{_leave_key(claim) if leave else tool_context.function_call_id}"
    approved_by = decision.decided_by if decision else leave["by"] if leave and by_leave else "the rules"
    new = pay_once(payment_id, _entry(claim, tool_context, approved_by))
    paid = {"paid": True, "payment": payment_id, "amount": claim.amount, "currency": claim.currency}
    return paid | {"repeated": not new}


def _leave_key(claim: Claim) -> str:
    return f"leave-{claim.date}-{claim.category}"


def _entry(claim: Claim, tool_context: ToolContext, approved_by: str) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "session": tool_context.session.id,
        "run": restate_context().request().id,
        "user": tool_context.user_id,
        "approved_by": approved_by,
        "claim": claim.model_dump(mode="json"),
    }
