"""What the payables agent can do: pay invoices, change an account when teams agree, ask what a new supplier needs."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import restate
from google.adk.tools.tool_context import ToolContext
from google.genai.types import Part
from pydantic import ValidationError
from restate.ext.adk import restate_context

from agents.approval import (
    Needs,
    RequestRefused,
    Risk,
    ask_human,
    idempotency_key,
    request_agreement,
    request_approvals,
    requires_approval,
)
from agents.book import Book
from agents.payables.invoice import AccountChange, Details, Invoice, Supplier

PAYABLES: Final = Book("payables.jsonl")
#: Up to this amount an invoice is paid without asking.
APPROVAL_ABOVE: Final = 500.0


@requires_approval(
    title="Pay {invoice.number} of {invoice.supplier}: {invoice.amount:,.2f} EUR",
    when=lambda invoice: invoice.amount > APPROVAL_ABOVE,
    risk=lambda invoice: Risk.HIGH if invoice.amount >= 10_000 else Risk.MEDIUM,
    groups=("finance",),
    deadline=timedelta(days=7),
    editable=("invoice.amount",),
    reject_reasons=("The goods have not come.", "It was paid already."),
)
def pay_invoice(invoice: Invoice, tool_context: ToolContext) -> dict[str, Any]:
    """Pay one invoice."""
    new = _write(tool_context, "paid", invoice.model_dump(mode="json"))
    return {"number": invoice.number, "paid": invoice.amount, "repeated": not new}


def letter_of(change: AccountChange) -> str:
    """Return what the letter about a change is called among the session's artifacts."""
    return f"letter-{change.account}.txt"


@requires_approval(
    title="Pay {change.supplier} to {change.account} from now on",
    risk=Risk.HIGH,
    files=lambda change: (letter_of(change),),
)
def change_account(change: AccountChange, tool_context: ToolContext) -> dict[str, Any]:
    """Change the account that a supplier is paid to."""
    new = _write(tool_context, "account changed", change.model_dump(mode="json"))
    return {"account": change.account, "repeated": not new}


async def pay_invoices(invoices: list[Invoice], tool_context: ToolContext) -> list[Any] | dict[str, Any]:
    """Pay invoices. Each above 500 EUR is put to a person in finance, all at the same time.

    Args:
        invoices: 1 to 50 invoices.
    """
    try:
        checked = [Invoice.model_validate(invoice) for invoice in invoices]
        return await request_approvals(tool_context, [partial(pay_invoice, invoice=one) for one in checked])
    except (ValidationError, RequestRefused) as error:
        return {"error": f"These can't be paid, correct them: {error}"}


async def change_supplier_account(change: AccountChange, tool_context: ToolContext) -> Any:
    """Change the account that a supplier is paid to. Finance and the reviewers must both approve it.

    Args:
        change: the supplier and the new account.
    """
    try:
        checked = AccountChange.model_validate(change)
        await _keep_letter(checked, tool_context)
        call = partial(change_account, change=checked)
        return await request_agreement(tool_context, call, teams=("finance", "reviewers"), needs=Needs.ALL)
    except (ValidationError, RequestRefused) as error:
        return {"error": f"This can't be changed, correct it: {error}"}


async def take_on_supplier(supplier: Supplier, tool_context: ToolContext) -> dict[str, Any]:
    """Take on a new supplier. Finance fills in its account, its terms and its limit.

    Args:
        supplier: its name.
    """
    question = f"{supplier} is new. Where is it paid to, and on what terms?"
    try:
        answer = await ask_human(
            tool_context, question, form=Details, groups=("finance",), deadline=timedelta(days=14), risk=Risk.MEDIUM
        )
    except RequestRefused as error:
        return {"status": "failed", "error": error.message}
    if answer.value is None:
        return {"status": answer.status, "reason": answer.note}
    details = answer.value.model_dump(mode="json")

    def write() -> bool:
        return _write(tool_context, "taken on", {"supplier": supplier, "by": answer.decided_by, **details})

    await restate_context().run_typed("take on supplier", write)
    return {"status": "taken on", "decided_by": answer.decided_by, **details}


async def _keep_letter(change: AccountChange, tool_context: ToolContext) -> None:
    """Keep what asked for the change, for those who decide on it."""
    said = tool_context.user_content
    letter = "\n".join(part.text or "" for part in (said.parts if said else None) or ())

    async def keep() -> int:
        artifact = Part.from_bytes(data=letter.encode(), mime_type="text/plain")
        try:
            return await tool_context.save_artifact(letter_of(change), artifact)
        except ValueError as error:  # ADK's, for a session whose name can't be a folder's
            raise restate.TerminalError(f"The letter can't be kept: {error}") from error

    await restate_context().run_typed("keep letter", keep)


def _write(tool_context: ToolContext, what: str, entry: dict[str, Any]) -> bool:
    # The same in a replay, and another one for each of several calls.
    key = idempotency_key(tool_context)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return PAYABLES.write_once(key, {"at": at, "key": key, "what": what, **entry})
