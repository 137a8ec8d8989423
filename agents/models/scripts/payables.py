"""The payables agent's lines."""

import re
from typing import Any, Final

from agents.models.reading import amount_in
from agents.models.transcript import Call, Line, ToolResult, Transcript

_WHAT: Final = (
    "I pay invoices, take on suppliers, and change their accounts. For example: “Pay A-17 of Nordwind for 1,200 EUR "
    "and A-18 of Hanil for 300 EUR”, “Take on Acme”, or “Pay Nordwind to DE89370400440532013000 from now on”."
)
_INVOICE: Final = re.compile(
    r"\b(?P<number>[A-Z]+-?\d[\w/-]*)\s+(?:of|from|by)\s+(?P<supplier>[A-Z][\w&'.-]*(?:\s+[A-Z][\w&'.-]*){0,4}?)"
    r"(?:\s+(?:for|over)\s+|\s*:\s*)(?P<money>\S+(?:\s*(?:EUR|€|euros?))?)",
    re.IGNORECASE,
)
_ACCOUNT: Final = re.compile(
    r"\bpay\s+(?P<supplier>[A-Z][\w&'.-]*(?:\s+[A-Z][\w&'.-]*){0,4})\s+to\s+(?P<account>[A-Z]{2}\d{2}[A-Z0-9 ]{11,40})",
    re.IGNORECASE,
)
_NEW: Final = re.compile(r"\b(?:take on|add|onboard)\s+(?P<supplier>[A-Z][\w&'.-]*(?:\s+[A-Z][\w&'.-]*){0,4})")


def play(transcript: Transcript) -> Line:
    """Return the next line."""
    if not transcript.fresh:
        return _opening(" ".join(transcript.unsettled))
    last = transcript.fresh[-1]
    return Line(_OUTCOMES[last.tool](last))


def _opening(text: str) -> Line:
    if change := _ACCOUNT.search(text):
        account = re.sub(r"\s", "", change["account"].upper().split(" FROM ")[0])
        wanted = {"supplier": change["supplier"].strip(), "account": account}
        return Line("Two teams have to agree.", (Call("change_supplier_account", {"change": wanted}),))
    if new := _NEW.search(text[:1].lower() + text[1:]):
        return Line("I ask finance for what I need.", (Call("take_on_supplier", {"supplier": new["supplier"]}),))
    invoices = [
        {"number": found["number"].upper(), "supplier": found["supplier"], "amount": amount}
        for found in _INVOICE.finditer(text)
        if (amount := amount_in(found["money"])) is not None
    ]
    if not invoices:
        return Line(_WHAT)
    plural = "s" if len(invoices) > 1 else ""
    return Line(f"{len(invoices)} invoice{plural} to pay.", (Call("pay_invoices", {"invoices": invoices}),))


def _invoices_outcome(result: ToolResult) -> str:
    told = result.response.get("result")
    if not isinstance(told, list):
        return f"Nothing was paid: {result.response.get('error')}"
    asked = result.arguments["invoices"]
    return " ".join(f"{invoice['number']}: {_said(one)}." for invoice, one in zip(asked, told, strict=True))


def _said(told: dict[str, Any]) -> str:
    match told.get("status"):
        case "not_needed":
            return f"paid {told['result']['paid']:,.2f} EUR"
        case "approved" | "approved_with_changes":
            return f"paid {told['result']['paid']:,.2f} EUR, approved by {told['decided_by']}"
        case "rejected":
            return f"rejected by {told['decided_by']}: {str(told['reason']).rstrip('.')}"
        case "expired":
            return "not decided in time"
        case "dry_run":
            return "not paid, this is a dry run"
    return f"failed: {str(told.get('error')).rstrip('.')}"


def _account_outcome(result: ToolResult) -> str:
    told = result.response
    supplier = result.arguments["change"]["supplier"]
    teams = ", ".join(f"{team} {said['status']}" for team, said in (told.get("teams") or {}).items())
    if told.get("status") == "approved":
        return f"{supplier} is paid to {told['result']['account']} from now on ({teams})."
    why = told.get("reason") or told.get("note") or told.get("error") or ""
    return f"The account of {supplier} stays as it was{f' ({teams})' if teams else ''}: {why}"


def _supplier_outcome(result: ToolResult) -> str:
    told, supplier = result.response, result.arguments["supplier"]
    if told.get("status") == "taken on":
        return f"{supplier} is taken on by {told['decided_by']}: paid {told['terms']} to {told['account']}."
    why = told.get("reason") or told.get("error") or ""
    return f"{supplier} is not taken on: {told.get('status')}{f', {why}' if why else ''}."


_OUTCOMES: Final = {
    "pay_invoices": _invoices_outcome,
    "change_supplier_account": _account_outcome,
    "take_on_supplier": _supplier_outcome,
}
