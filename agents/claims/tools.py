"""What the claims agent can do: check, ask about a lost receipt, pay."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.adk.tools.tool_context import ToolContext
from restate.ext.adk import restate_context

from agents.approval import ask_human, current_decision, requires_approval
from agents.claims import rules
from agents.claims.claim import Claim
from agents.claims.ledger import pay_once

PAY_ANYWAY: Final = "Pay it anyway"
PAY_HALF: Final = "Pay half"
SWORN_STATEMENT: Final = "Ask for a sworn statement"


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
    answer = await ask_human(
        tool_context,
        f"The receipt for {claim.amount:,.2f} {claim.currency} ({claim.category}, {claim.date}) is lost. "
        "What should be done?",
        choices=(PAY_ANYWAY, PAY_HALF, SWORN_STATEMENT),
        groups=("finance",),
    )
    return {"status": answer.status, "decision": answer.text, "decided_by": answer.decided_by, "note": answer.note}


@requires_approval(
    title="Reimburse {claim.category}: {claim.amount:,.2f} {claim.currency}",
    when=rules.needs_a_person,
    risk=rules.risk_of,
    groups=("finance",),
    deadline=timedelta(days=3),
    editable=("claim.amount", "claim.reason"),
)
def reimburse(claim: Claim, tool_context: ToolContext) -> dict[str, Any]:
    """Pay a claim. Above 1,000 a person in finance decides first; up to 1,000 the rules decide.

    Args:
        claim: the expense.
    """
    decision = current_decision()
    if decision is None and (objections := rules.objections(claim, datetime.now(UTC).date())):
        return {"paid": False, "objections": objections}
    # The call's id stays the same in a replay and in a run that is restarted behind the model's call.
    payment_id = f"{tool_context.session.id}/{tool_context.function_call_id}"
    new = pay_once(payment_id, _entry(claim, tool_context, decision.decided_by if decision else "the rules"))
    paid = {"paid": True, "payment": payment_id, "amount": claim.amount, "currency": claim.currency}
    return paid | {"repeated": not new}


def _entry(claim: Claim, tool_context: ToolContext, approved_by: str) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "session": tool_context.session.id,
        "run": restate_context().request().id,
        "user": tool_context.user_id,
        "approved_by": approved_by,
        "claim": claim.model_dump(mode="json"),
    }
