"""The claims agent's lines."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from agents.models.reading import amount_in, currency_in, date_in
from agents.models.scripts.claims_results import after_lost_receipt, after_reimburse, described, money
from agents.models.transcript import Call, Line, Transcript

_ACCOUNT_ON_FILE: Final = "DE02120300000000202051"
_LARGEST: Final = 1_000_000
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")
_CATEGORIES: Final = {
    "training": r"training|course|conference|seminar|workshop|certification|tuition|class(?:es)?\b|books?\b",
    "lodging": r"hotel|lodging|airbnb|hostel|accommodation|nights?\b|\bstay",
    "travel": r"flight|flew|fly|plane|train|taxi|cab\b|uber|bus\b|travel|trip|rail|mileage|fuel|petrol|parking",
    "meals": r"meal|dinner|lunch|breakfast|restaurant|food|drinks|coffee|catering|pizza",
    "equipment": r"laptop|computer|monitor|keyboard|mouse|phone|headset|desk|chair|equipment|printer|screen",
}
_LOST: Final = re.compile(
    r"(?:lost|misplaced|missing|no|without|don'?t have|haven'?t|can'?t find)\b[^.!?]{0,40}\b(?:receipt|invoice|bill)s?"
    r"|(?:receipt|invoice|bill)s?\b[^.!?]{0,30}\b(?:lost|missing|gone|misplaced|stolen)",
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(r"\b(?:again|instead|only|lower|just|make it|change|reduce|then)\b", re.IGNORECASE)
_THANKS: Final = re.compile(r"^\W*(?:thanks?|thank you|thx|great|ok(?:ay)?|cool|perfect|bye)\b", re.IGNORECASE)


def play(transcript: Transcript) -> Line:
    """Return the next line."""
    if transcript.fresh:
        result = transcript.fresh[-1]
        claim = dict(result.arguments.get("claim") or {})
        if "error" in result.response and "status" not in result.response:
            return Line(f"That claim could not be handled: {result.response['error']}")
        match result.tool:
            case "check_eligibility":
                return _after_check(claim, result.response, " ".join(transcript.before))
            case "decide_on_lost_receipt":
                return after_lost_receipt(claim, result.response)
            case _:
                asked = [r.response for r in transcript.fresh if r.tool == "decide_on_lost_receipt"]
                return after_reimburse(claim, result.response, asked[-1].get("decided_by") if asked else None)
    return _opening(transcript)


def _opening(transcript: Transcript) -> Line:
    text = "\n".join(transcript.unsettled)
    amount = amount_in(text)
    if amount is None and transcript.results and _THANKS.match(text):
        return Line("You are welcome. Tell me when you have another expense.")
    if amount is None:
        return Line(
            "I handle expense claims. How much was it, in which currency, and what was it for? "
            "For example: “1,800 EUR for a flight to Oslo on 3 November”."
        )
    if amount > _LARGEST:
        return Line(f"{amount:,.2f} is more than one claim can hold ({_LARGEST:,}). Is the amount right?")
    claim = claim_in(text, amount, _previous(transcript) if _AGAIN.search(text) else {})
    check = Call("check_eligibility", {"claim": claim})
    return Line(f"I am checking {described(claim)} against the rules.", (check,))


def claim_in(text: str, amount: float, previous: dict[str, Any]) -> dict[str, Any]:
    """Return the claim that a text describes; what it leaves open comes from ``previous``, or is assumed."""
    today = datetime.now(UTC).date()
    iban = _IBAN.search(text)
    category = _category_in(text.lower()) or previous.get("category", "other")
    day = date_in(text, today)
    return {
        "amount": amount,
        "currency": currency_in(text) or previous.get("currency", "EUR"),
        "category": category,
        "date": day.isoformat() if day else previous.get("date", today.isoformat()),
        "reason": " ".join(text.split())[:1000],
        "pay_to": iban[0].replace(" ", "") if iban else previous.get("pay_to", _ACCOUNT_ON_FILE),
        "items": [{"what": category, "amount": amount, "has_receipt": not _LOST.search(text)}],
    }


def _category_in(text: str) -> str | None:
    """Return the category whose words come first: a hotel during a conference is a hotel."""
    found = {name: re.search(rf"(?<![a-z])(?:{words})", text) for name, words in _CATEGORIES.items()}
    places = {name: match.start() for name, match in found.items() if match}
    return min(places, key=lambda name: places[name], default=None)


def _previous(transcript: Transcript) -> dict[str, Any]:
    claims = [result.arguments["claim"] for result in transcript.results if result.arguments.get("claim")]
    return dict(claims[-1]) if claims else {}


def _after_check(claim: dict[str, Any], found: dict[str, Any], said: str) -> Line:
    if _LOST.search(said):
        return Line(
            "The receipt is lost, and the rules say nothing about that: a person has to decide.",
            (Call("decide_on_lost_receipt", {"claim": claim}),),
        )
    objections = " ".join(found.get("objections") or ())
    if not found.get("needs_approval") and objections:
        return Line(f"I can't pay {described(claim)}. {objections}")
    pay = (Call("reimburse", {"claim": claim}),)
    if not found.get("needs_approval"):
        return Line(f"The rules allow {money(claim)}, and no approval is needed up to 1,000. I am paying it.", pay)
    remark = f"The rules object: {objections}" if objections else "The rules have nothing against it."
    if (paid_before := found.get("paid_before")) is not None:  # the second version of the sample looks
        remark += f" Payments for the same before: {paid_before}." if paid_before else " It was not paid before."
    return Line(
        f"The employee claims {described(claim)}: “{claim['reason'][:300]}”. {remark} "
        "It is above 1,000, so a person has to decide.",
        pay,
    )
