"""The dispute coordinator's lines, and those of the agents beside it."""

import ast
import re
from datetime import UTC, datetime
from typing import Any, Final

from agents.models.reading import amount_in, date_in
from agents.models.transcript import Call, Line, ToolResult, Transcript

_WHAT: Final = (
    "I settle disputed card charges. Which one is it? For example: “2,300 EUR at Nightfall Electronics is not mine”."
)
_MERCHANT: Final = re.compile(r"\b(?:at|by|from|to)\s+(?P<merchant>[A-Z][\w&'.-]*(?:\s+[A-Z][\w&'.-]*){0,4})")
_CARD: Final = re.compile(r"\bcard\D{0,20}(?P<card>\d{4})\b", re.IGNORECASE)


def play(transcript: Transcript) -> Line:
    """Return the coordinator's next line."""
    if not transcript.fresh:
        return _opening("\n".join(transcript.unsettled))
    last = transcript.fresh[-1]
    match last.tool:
        case "investigate":
            return _sum_up(last)
        case "summary_agent":
            return _refund(transcript.fresh)
        case _:
            return Line("The letter is written next.", (Call("transfer_to_agent", {"agent_name": "letter_agent"}),))


def _opening(text: str) -> Line:
    amount, merchant = amount_in(text), _MERCHANT.search(text)
    if amount is None or merchant is None:
        return Line(_WHAT)
    today = datetime.now(UTC).date()
    card = _CARD.search(text)
    charge = {
        "merchant": merchant["merchant"].rstrip("."),
        "amount": amount,
        "date": (date_in(text, today) or today).isoformat(),
    } | ({"card": card["card"]} if card else {})
    return Line(
        "I am asking policy, evidence and fraud, all at the same time.", (Call("investigate", {"charge": charge}),)
    )


def _sum_up(investigated: ToolResult) -> Line:
    findings = investigated.response.get("result") or []
    said = " ".join(f"{one['service']}: {one['answer'] or one['error']}" for one in findings)
    return Line("All three have answered.", (Call("summary_agent", {"request": said}),))


def _refund(results: list[ToolResult]) -> Line:
    summary = str(results[-1].response.get("result") or "")
    charge = next(result.arguments["charge"] for result in results if result.tool == "investigate")
    if "can be disputed" not in summary or not re.search(r"no signed slip|looks like fraud", summary):
        return Line(
            f"There is no ground for a refund. {summary}",
            (Call("transfer_to_agent", {"agent_name": "letter_agent"}),),
        )
    return Line(f"The charge should be refunded. {summary}", (Call("refund", {"charge": charge}),))


def play_summary(transcript: Transcript) -> Line:
    """Return the summary of what the specialists said."""
    said = transcript.unsettled[-1]
    findings = [
        "it can be disputed" if "may be disputed" in said else "it can't be disputed any more",
        "there is a signed slip" if "slip is signed" in said else "there is no signed slip",
        "it looks like fraud" if "looks like fraud" in said else "nothing points to fraud",
        *(["the card is frozen"] if "is frozen" in said else []),
    ]
    return Line(f"In short: {', '.join(findings)}.")


def play_letter(transcript: Transcript) -> Line:
    """Return the letter to the customer, from what others said and did before."""
    told = _told("\n".join(transcript.unsettled))
    decided = told.get("status")
    if decided in {"approved", "approved_with_changes"}:
        amount = (told.get("result") or {}).get("refunded", 0)
        outcome = f"We refund {float(amount):,.2f} EUR; it is on your account within two days."
    elif told.get("refunded"):
        outcome = f"We refund {float(told['refunded']):,.2f} EUR; it is on your account within two days."
    elif decided == "rejected":
        outcome = f"We can't refund it: {told.get('reason')}"
    elif decided == "failed":
        outcome = "The refund did not go through; we will look into it."
    else:
        outcome = "We found no ground for a refund."
    return Line(f"Dear customer, we looked into the charge that you disputed. {outcome} Write to us with any question.")


def _told(text: str) -> dict[str, Any]:
    """Return what `refund` returned, as ADK writes it into another agent's context."""
    found = re.search(r"`refund` tool returned result:[^{]*(\{.*\})", text)
    if found is None:
        return {}
    try:
        told = ast.literal_eval(found[1])
    except (ValueError, SyntaxError):
        return {}
    return told if isinstance(told, dict) else {}
