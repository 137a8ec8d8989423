"""What the travel agent can do: hold a flight, a hotel and a car, and pay them when a person approves the trip."""

from datetime import timedelta
from typing import Any, Final

import restate
from google.adk.tools.tool_context import ToolContext

from agents.approval import Risk, durable_tool, idempotency_key, requires_approval
from agents.travel import agency
from agents.travel.trip import Period, Place, Trip

HIGH_RISK_FROM: Final = 5_000.0


def cancel_booking(tool_context: ToolContext) -> bool:
    """Take a booking back, by the key that it was made with."""
    return agency.cancel(idempotency_key(tool_context))


@durable_tool(undo=cancel_booking)
def book_flight(place: Place, period: Period, tool_context: ToolContext) -> dict[str, Any]:
    """Hold a return flight.

    Args:
        place: where to.
        period: out on its first day, back on its last.
    """
    return agency.hold(idempotency_key(tool_context), "flight", place, period).model_dump()


@durable_tool(undo=cancel_booking)
def book_hotel(place: Place, period: Period, tool_context: ToolContext) -> dict[str, Any]:
    """Hold a room.

    Args:
        place: the city.
        period: the nights.
    """
    return agency.hold(idempotency_key(tool_context), "hotel", place, period).model_dump()


@durable_tool(undo=cancel_booking)
def book_car(place: Place, period: Period, tool_context: ToolContext) -> dict[str, Any]:
    """Hold a car.

    Args:
        place: where to pick it up.
        period: the days.
    """
    return agency.hold(idempotency_key(tool_context), "car", place, period).model_dump()


@requires_approval(
    title="Trip to {trip.place}: {trip.total:,.2f} EUR",
    risk=lambda trip: Risk.HIGH if trip.total >= HIGH_RISK_FROM else Risk.MEDIUM,
    deadline=timedelta(days=2),
    reject_reasons=("It is too expensive.", "It can be a call.", "It should be later."),
    or_undo=True,
)
def pay_trip(trip: Trip, tool_context: ToolContext) -> dict[str, Any]:
    """Pay a trip whose bookings are held. A person decides first; what is not approved is cancelled.

    Args:
        trip: the bookings as they were returned, and their sum.
    """
    try:
        agency.pay(idempotency_key(tool_context), trip.bookings)
    except agency.NotHeld as error:
        raise restate.TerminalError(str(error)) from error
    return {"paid": trip.total, "references": [booking.reference for booking in trip.bookings]}
