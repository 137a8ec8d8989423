"""The claims agent's lines once people have decided."""

from typing import Any

from agents.models.transcript import Call, Line


def money(claim: dict[str, Any]) -> str:
    """Return an amount and its currency: ``1,800.00 EUR``."""
    return f"{float(claim.get('amount', 0)):,.2f} {claim.get('currency', '')}".strip()


def described(claim: dict[str, Any]) -> str:
    """Return a claim in a few words."""
    return f"{money(claim)} for {claim.get('category', 'an expense')} on {claim.get('date', 'an unknown day')}"


def after_lost_receipt(claim: dict[str, Any], told: dict[str, Any]) -> Line:
    """Return the line after a person was asked about a lost receipt."""
    decision, who = str(told.get("decision") or ""), told.get("decided_by") or "Somebody"
    if told.get("status") != "answered":
        return Line(f"Nobody decided what to do without the receipt: {money(claim)} is not paid for now.{_note(told)}")
    if decision == "Pay half":
        claim = claim | {"amount": round(float(claim["amount"]) / 2, 2)}
        return Line(f"{who} decided to pay half without the receipt: {money(claim)}.", _pay(claim))
    if decision == "Pay it anyway":
        return Line(f"{who} decided to pay {money(claim)} without the receipt.", _pay(claim))
    if decision == "Ask for a sworn statement":
        return Line(f"{who} asks you for a sworn statement that you paid {money(claim)}. Send it, then claim again.")
    return Line(f"{who} answered about the lost receipt: “{decision}”. I have paid nothing yet.{_note(told)}")


def after_reimburse(claim: dict[str, Any], told: dict[str, Any], answered_by: str | None = None) -> Line:
    """Return the line after a payment was decided on; ``answered_by`` decided about a lost receipt, if it was lost."""
    who = told.get("decided_by") or "The reviewer"
    match told.get("status"):
        case "approved":
            return Line(f"{who} approved it, and {money(claim)} has been paid.{_note(told)}")
        case "approved_with_changes":
            result = told.get("result")
            paid = money(claim | result if isinstance(result, dict) else claim)
            return Line(f"{who} approved it with changes ({_changes(told)}). {paid} has been paid.{_note(told)}")
        case "rejected":
            return Line(f"{who} rejected it: {told.get('reason')} Nothing was paid.")
        case "expired":
            return Line(
                f"Nobody decided on {money(claim)} in time. Nothing was paid. Nobody said no: you may ask again."
            )
        case "failed":
            return Line(f"Paying {money(claim)} failed: {told.get('error')} Nothing is known to have been paid.")
    if told.get("paid") and answered_by:
        return Line(f"Paid: {described(claim)}, as {answered_by} decided about the lost receipt.")
    if told.get("paid"):
        return Line(f"Paid: {described(claim)}. The rules allowed it; nobody had to be asked.")
    return Line(f"I can't pay {described(claim)}. {' '.join(told.get('objections') or ())}".strip())


def _pay(claim: dict[str, Any]) -> tuple[Call, ...]:
    return (Call("reimburse", {"claim": claim}),)


def _changes(told: dict[str, Any]) -> str:
    changed = told.get("changed") or {}
    return "; ".join(f"{path.split('.')[-1]} from {c.get('from')} to {c.get('to')}" for path, c in changed.items())


def _note(told: dict[str, Any]) -> str:
    return f" They added: “{told['note']}”." if told.get("note") else ""
