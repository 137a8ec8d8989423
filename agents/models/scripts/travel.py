"""The travel agent's lines."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from agents.models.reading import days_in
from agents.models.scripts.weather import cities_in
from agents.models.transcript import Call, Line, ToolResult, Transcript

_WHERE: Final = "I book trips. Where to, and from which day to which? For example: “Lisbon, 2027-03-02 to 2027-03-05”."
_NO_CAR: Final = re.compile(r"\b(?:no|without(?: a)?|don'?t need(?: a)?) (?:rental |hire )?car\b", re.IGNORECASE)
_DATES: Final = re.compile(r"(?:\bfrom\b|\bon\b|\bbetween\b|,)?\s*\d[\d./-]*.*$", re.IGNORECASE)
_TOOLS: Final = {"book_flight": "flight", "book_hotel": "hotel", "book_car": "car"}
_NIGHTS: Final = 3


def play(transcript: Transcript) -> Line:
    """Return the next line."""
    if not transcript.fresh:
        return _opening("\n".join(transcript.unsettled))
    last = transcript.fresh[-1]
    if last.tool == "pay_trip":
        return Line(_outcome(last))
    if broken := [result for result in transcript.fresh if "reference" not in result.response]:
        return Line(f"I could not hold the {_TOOLS[broken[0].tool]}: {broken[0].response.get('error')}")
    return _payment(transcript.fresh)


def _opening(text: str) -> Line:
    cities = cities_in(_DATES.sub("", text))
    if not cities:
        return Line(_WHERE)
    starts, ends = period_in(text, datetime.now(UTC).date())
    wanted = {"place": cities[0], "period": {"starts": starts.isoformat(), "ends": ends.isoformat()}}
    tools = [tool for tool in _TOOLS if tool != "book_car" or not _NO_CAR.search(text)]
    return Line(
        f"I am holding {_listed([_TOOLS[tool] for tool in tools])} for {cities[0]}, {starts} to {ends}.",
        tuple(Call(tool, wanted) for tool in tools),
    )


def period_in(text: str, today: date) -> tuple[date, date]:
    """Return the first and the last day that a text names; in two weeks, for three nights, when it names none."""
    days = sorted(days_in(text, today))
    starts = days[0] if days else today + timedelta(days=14)
    return starts, days[-1] if len(days) > 1 else starts + timedelta(days=_NIGHTS)


def _payment(held: list[ToolResult]) -> Line:
    bookings = [{name: result.response[name] for name in ("what", "reference", "price")} for result in held]
    total = round(sum(float(booking["price"]) for booking in bookings), 2)
    trip = {**held[0].arguments, "bookings": bookings, "total": total}
    prices = ", ".join(f"{booking['what']} {booking['price']:,.2f}" for booking in bookings)
    return Line(
        f"All is held: {prices} EUR. Together {total:,.2f} EUR, which a person has to approve.",
        (Call("pay_trip", {"trip": trip}),),
    )


def _outcome(result: ToolResult) -> str:
    told: dict[str, Any] = result.response
    place = (result.arguments.get("trip") or {}).get("place", "the trip")
    cancelled = [_TOOLS[tool] for tool in told.get("undone", ()) if tool in _TOOLS]
    after = f" I have cancelled {_listed(cancelled)}." if cancelled else ""
    who = told.get("decided_by") or "The reviewer"
    match told.get("status"):
        case "approved":
            note = f" They added: “{told['note']}”." if told.get("note") else ""
            return f"{who} approved it. {place} is booked and paid: {', '.join(told['result']['references'])}.{note}"
        case "rejected":
            return f"{who} rejected it: {told.get('reason')}{after}"
        case "expired":
            return f"Nobody decided in time.{after} You may ask again."
    return f"Paying failed: {told.get('error')}.{after}"


def _listed(things: list[str]) -> str:
    named = [f"the {thing}" for thing in things]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
