"""The three specialists: policy, evidence and fraud, each an agent and a service of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from google.adk.agents import LlmAgent
from google.adk.tools.tool_context import ToolContext

from agents.approval import Risk, ask_human_tool, durable_tool, idempotency_key, requires_approval
from agents.dispute import desk
from agents.dispute.charge import Charge
from agents.models import model_from_environment
from agents.models.scripts import dispute_specialists as scripts
from agents.session_object import session_object


@durable_tool()
def look_up_policy(charge: Charge) -> dict[str, Any]:
    """Tell whether a charge may still be disputed.

    Args:
        charge: the charge.
    """
    age = (datetime.now(UTC).date() - charge.date).days
    return {"age_in_days": age, "in_time": age <= desk.OLDEST_DAYS, "limit_in_days": desk.OLDEST_DAYS}


@requires_approval(
    title="Ask {charge.merchant} for the slip of {charge.amount:,.2f} EUR",
    risk=Risk.LOW,
    reject_reasons=("We have it already.", "It would warn them."),
)
def request_slip(charge: Charge, tool_context: ToolContext) -> dict[str, Any]:
    """Ask the merchant for the sales slip. A person decides first, since the merchant learns of the dispute.

    Args:
        charge: the charge.
    """
    desk.act_once(idempotency_key(tool_context), "slip requested", charge)
    return desk.slip_of(charge)


@durable_tool()
def score_charge(charge: Charge) -> dict[str, Any]:
    """Tell how much a charge looks like fraud.

    Args:
        charge: the charge.
    """
    return desk.score_of(charge)


@requires_approval(
    title="Freeze the card {charge.card}",
    risk=Risk.HIGH,
    deadline=timedelta(days=1),
    reject_reasons=("The customer needs the card.", "It was their own charge."),
)
def freeze_card(charge: Charge, tool_context: ToolContext) -> dict[str, Any]:
    """Freeze the card. A person decides first.

    Args:
        charge: the charge that looks like fraud.
    """
    return {"frozen": charge.card, "repeated": not desk.act_once(idempotency_key(tool_context), "card frozen", charge)}


policy = session_object(
    "Policy",
    LlmAgent(
        name="policy_agent",
        description="Knows what may be disputed, and asks for exceptions.",
        model=model_from_environment(scripts.play_policy, to_agents=True),
        instruction=(
            "You are told of a disputed charge. Look up the policy. When the charge is too old, ask a person whether "
            "there may be an exception. Answer in one sentence: may it be disputed, and why."
        ),
        tools=[look_up_policy, ask_human_tool(risk=Risk.MEDIUM)],
    ),
)
evidence = session_object(
    "Evidence",
    LlmAgent(
        name="evidence_agent",
        description="Gets the merchant's slip.",
        model=model_from_environment(scripts.play_evidence, to_agents=True),
        instruction=(
            "You are told of a disputed charge. Request the slip from the merchant. Answer in one sentence: is there "
            "a slip, and is it signed?"
        ),
        tools=[request_slip],
    ),
)
fraud = session_object(
    "Fraud",
    LlmAgent(
        name="fraud_agent",
        description="Scores charges, and freezes cards.",
        model=model_from_environment(scripts.play_fraud, to_agents=True),
        instruction=(
            "You are told of a disputed charge. Score it. When it looks like fraud, freeze the card. Answer in one "
            "sentence: does it look like fraud, and is the card frozen?"
        ),
        tools=[score_charge, freeze_card],
    ),
)
