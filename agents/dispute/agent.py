"""The coordinator of a dispute: it asks the specialists, sums up, refunds, and has a letter written."""

from dataclasses import asdict
from typing import Any

from google.adk.agents import LlmAgent
from google.adk.tools.agent_tool import AgentTool
from google.adk.tools.tool_context import ToolContext

from agents.approval import Errand, Risk, ask_agents, idempotency_key, requires_approval
from agents.dispute import desk
from agents.dispute.charge import Charge
from agents.models import model_from_environment
from agents.models.scripts import dispute as scripts
from agents.session_object import session_object


async def investigate(charge: Charge, tool_context: ToolContext) -> list[dict[str, Any]]:
    """Have policy, evidence and fraud look at a charge, at the same time. Each may ask people itself.

    Args:
        charge: the charge.
    """
    charge = Charge.model_validate(charge)  # ADK hands over what the model gave when that was no charge.
    errands = [Errand(service, f"Disputed: {charge}") for service in ("Policy", "Evidence", "Fraud")]
    return [asdict(answered) for answered in await ask_agents(tool_context, errands)]


@requires_approval(
    title="Refund {charge.amount:,.2f} EUR charged by {charge.merchant}",
    when=lambda charge: charge.amount > desk.REFUND_ABOVE,
    risk=lambda charge: Risk.HIGH if charge.amount >= 5_000 else Risk.MEDIUM,
    groups=("finance",),
    editable=("charge.amount",),
    reject_reasons=("The customer bought it.", "The merchant has refunded it."),
)
def refund(charge: Charge, tool_context: ToolContext) -> dict[str, Any]:
    """Refund a disputed charge. Above 50 EUR a person in finance decides first.

    Args:
        charge: the charge.
    """
    new = desk.act_once(idempotency_key(tool_context), "refunded", charge)
    return {"refunded": charge.amount, "repeated": not new}


summary_agent = LlmAgent(
    name="summary_agent",
    description="Sums up what the specialists found.",
    model=model_from_environment(scripts.play_summary, to_agents=True),
    instruction="Sum up what the specialists found about a disputed charge, in one sentence for the reviewer.",
)
letter_agent = LlmAgent(
    name="letter_agent",
    description="Writes to the customer once the dispute is settled.",
    model=model_from_environment(scripts.play_letter),
    instruction="Write three friendly sentences to the customer: what was found, what was decided, what happens next.",
    disallow_transfer_to_parent=True,
    disallow_transfer_to_peers=True,
)
agent = LlmAgent(
    name="dispute_agent",
    description="Settles disputed card charges with a team; people approve what it costs.",
    model=model_from_environment(scripts.play),
    instruction=(
        "You settle disputed card charges. Find out merchant, amount and date; ask for what is missing. Have the team "
        "investigate, then have summary_agent sum up what it found. When policy allows it and either the slip is not "
        "signed or it looks like fraud, say why in a sentence and call refund. When all is settled, transfer to "
        "letter_agent."
    ),
    tools=[investigate, AgentTool(summary_agent), refund],
    sub_agents=[letter_agent],
)

dispute = session_object("Dispute", agent)
