"""The payables agent: a model, its tools, a service."""

from google.adk.agents import LlmAgent

from agents.models import model_from_environment
from agents.models.scripts.payables import play
from agents.payables.tools import change_supplier_account, pay_invoices, take_on_supplier
from agents.session_object import session_object

agent = LlmAgent(
    name="payables_agent",
    description="Pays suppliers' invoices, each approved on its own, and changes their accounts when two teams agree.",
    model=model_from_environment(play),
    instruction=(
        "You pay suppliers. For invoices, find out number, supplier and amount in EUR of each; ask for what is "
        "missing, then call pay_invoices once with all of them. For a new account of a supplier, call "
        "change_supplier_account; for a new supplier, call take_on_supplier. Tell exactly what came of each: paid, "
        "rejected and why, or not decided in time."
    ),
    tools=[pay_invoices, change_supplier_account, take_on_supplier],
)

payables = session_object("Payables", agent)
