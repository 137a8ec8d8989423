"""The agency: a book that stands in for airline, hotel and car hire. A booking is held, cancelled or paid."""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from agents.book import Book
from agents.travel.trip import Booking, Period

AGENCY: Final = Book("travel-agency.jsonl")
_PRICES: Final = {"flight": (180, 620), "hotel": (70, 190), "car": (35, 95)}
_BY_NIGHT: Final = frozenset({"hotel", "car"})


class NotHeld(ValueError):
    """A booking is none that is held at this price."""


def hold(key: str, what: str, place: str, period: Period) -> Booking:
    """Hold a booking, once for each key, and return it. What it costs depends on the place alone."""
    reference = f"{what[0].upper()}{hashlib.sha256(key.encode()).hexdigest()[:7].upper()}"
    booking = Booking.model_validate({"what": what, "reference": reference, "price": price_of(what, place, period)})
    _write(f"{key} held", "held", key, booking.model_dump() | {"place": place})
    return booking


def cancel(key: str) -> bool:
    """Cancel what was held with a key; return whether it was. Never held, cancelled before: nothing to do."""
    return AGENCY.write_once(f"{key} cancelled", _entry("cancelled", key), unless=lambda lines: key not in _held(lines))


def pay(trip_key: str, bookings: list[Booking]) -> None:
    """Pay bookings together, once for each key.

    Raises:
        NotHeld: one of them is not held at its price.
    """
    held = _held(AGENCY.entries())
    prices = {line["reference"]: line["price"] for line in held.values()}
    if strange := [one.reference for one in bookings if prices.get(one.reference) != one.price]:
        raise NotHeld(f"{strange[0]} is not held at that price")
    _write(f"{trip_key} paid", "paid", trip_key, {"references": [one.reference for one in bookings]})


def price_of(what: str, place: str, period: Period) -> float:
    """Return the sample price of a flight, or of a hotel or a car for the period, in EUR."""
    least, most = _PRICES[what]
    dice = hashlib.sha256(f"{what} {' '.join(place.split()).casefold()}".encode()).digest()
    return float((least + int.from_bytes(dice[:2]) % (most - least)) * (period.nights if what in _BY_NIGHT else 1))


def _held(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the bookings that are held, by their keys."""
    cancelled = {line.get("key") for line in lines if line.get("state") == "cancelled"}
    return {line["key"]: line for line in lines if line.get("state") == "held" and line["key"] not in cancelled}


def _write(line_id: str, state: str, key: str, more: dict[str, Any]) -> None:
    AGENCY.write_once(line_id, _entry(state, key) | more)


def _entry(state: str, key: str) -> dict[str, Any]:
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "state": state, "key": key}
