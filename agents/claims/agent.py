"""The claims agent: a model, its tools, a service."""

from google.adk.agents import LlmAgent

from agents.claims.tools import decide_on_lost_receipt, reimburse
from agents.claims.versions import CHECKS
from agents.environment import Environment
from agents.models import model_from_environment
from agents.models.scripts.claims import play
from agents.session_object import session_object

agent = LlmAgent(
    name="claims_agent",
    description="Reimburses expenses; above 1,000 a person decides.",
    model=model_from_environment(play),
    instruction=(
        "You handle expense claims. Find out amount, currency, category, date and reason; ask for what is missing. "
        "Check every claim with check_eligibility. When the receipt is lost, call decide_on_lost_receipt and do what "
        "it says. Then say in a sentence why the claim should be paid, and call reimburse; above 1,000 it asks a "
        "person. Pay to DE02120300000000202051 unless the employee names another account. Tell the employee exactly "
        "what reimburse returned: approved, approved with changes and which, rejected and why, expired, or failed."
    ),
    tools=[CHECKS[Environment.read().version], decide_on_lost_receipt, reimburse],
)

claims = session_object("Claims", agent)
