"""The lines of the dispute's specialists."""

import re
from typing import Any, Final

from agents.models.transcript import Call, Line, Transcript

_CHARGE: Final = re.compile(
    r"(?P<amount>[\d,.]+) EUR at (?P<merchant>.+) on (?P<date>\d{4}-\d\d-\d\d), card (?P<card>\d{4})"
)
_EXCEPTION: Final = "Make an exception"
_NO_CHARGE: Final = Line("Tell me the charge: amount, merchant, date and card.")


def charge_in(text: str) -> dict[str, Any] | None:
    """Return the charge that the coordinator names."""
    found = _CHARGE.search(text)
    return {**found.groupdict(), "amount": float(found["amount"].replace(",", ""))} if found else None


def play_policy(transcript: Transcript) -> Line:
    """Return the policy specialist's next line."""
    if not transcript.fresh:
        return _first(transcript, "look_up_policy", "I am looking up the policy.")
    last = transcript.fresh[-1]
    if last.tool == "ask_a_person":
        may = last.response.get("answer") == _EXCEPTION
        return Line(f"It {'may' if may else 'may not'} be disputed: it is too old, and a person was asked.")
    if last.response.get("in_time"):
        return Line(f"It may be disputed: it is {last.response['age_in_days']} days old.")
    question = (
        f"The charge is {last.response.get('age_in_days')} days old, which is too old. May it be disputed all the same?"
    )
    choices = [_EXCEPTION, "No exception"]
    return Line("That is too old for the policy.", (Call("ask_a_person", {"question": question, "choices": choices}),))


def play_evidence(transcript: Transcript) -> Line:
    """Return the evidence specialist's next line."""
    if not transcript.fresh:
        return _first(transcript, "request_slip", "The merchant may have a slip.")
    told = transcript.fresh[-1].response
    if told.get("status") not in {"approved", "approved_with_changes"}:
        return Line(f"There is no slip: {told.get('reason') or told.get('note') or told.get('error')}")
    return Line("The slip is signed." if told["result"]["signed"] else "The slip bears no signature.")


def play_fraud(transcript: Transcript) -> Line:
    """Return the fraud specialist's next line."""
    if not transcript.fresh:
        return _first(transcript, "score_charge", "I am scoring it.")
    last = transcript.fresh[-1]
    if last.tool == "score_charge":
        score = last.response.get("score")
        if not last.response.get("looks_like_fraud"):
            return Line(f"It is likely their own: the score is {score}.")
        charge = last.arguments.get("charge") or {}
        return Line(
            f"The score is {score} of 100: somebody else has the card.", (Call("freeze_card", {"charge": charge}),)
        )
    if last.response.get("status") in {"approved", "approved_with_changes"}:
        return Line("It looks like fraud, and the card is frozen.")
    return Line(f"It looks like fraud. The card stays open: {last.response.get('reason') or last.response.get('note')}")


def _first(transcript: Transcript, tool: str, words: str) -> Line:
    charge = charge_in(transcript.unsettled[-1]) if transcript.unsettled else None
    return Line(words, (Call(tool, {"charge": charge}),)) if charge else _NO_CHARGE
