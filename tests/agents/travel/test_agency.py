"""What the agency bears: the same word twice, words out of order, bookings that are not held."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from agents.travel import agency
from agents.travel.trip import Booking, Period, Trip

PERIOD = Period(starts=date(2027, 3, 2), ends=date(2027, 3, 5))


@pytest.fixture(autouse=True)
def _own_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTS_DATA_DIR", str(tmp_path))


def states() -> list[str]:
    return [entry["state"] for entry in agency.AGENCY.entries()]


def test_a_booking_is_held_once_for_each_key() -> None:
    first = agency.hold("s/1", "flight", "Lisbon", PERIOD)
    assert agency.hold("s/1", "flight", "Lisbon", PERIOD) == first
    assert agency.hold("s/2", "flight", "Lisbon", PERIOD) != first
    assert states() == ["held", "held"]


def test_it_is_cancelled_once_and_what_was_never_held_not_at_all() -> None:
    assert not agency.cancel("s/1")
    agency.hold("s/1", "hotel", "Lisbon", PERIOD)
    assert agency.cancel("s/1")
    assert not agency.cancel("s/1")
    assert states() == ["held", "cancelled"]


def test_a_trip_is_paid_once_and_only_as_it_is_held() -> None:
    flight = agency.hold("s/1", "flight", "Lisbon", PERIOD)
    with pytest.raises(agency.NotHeld, match="is not held at that price"):
        agency.pay("s/9", [flight.model_copy(update={"price": 1.0})])
    agency.pay("s/9", [flight])
    agency.pay("s/9", [flight])
    assert states() == ["held", "paid"]


def test_what_was_cancelled_is_not_held() -> None:
    flight = agency.hold("s/1", "flight", "Lisbon", PERIOD)
    agency.cancel("s/1")
    with pytest.raises(agency.NotHeld):
        agency.pay("s/9", [flight])


def test_hotels_and_cars_cost_by_the_night_and_places_are_the_same_in_any_spelling() -> None:
    one_night = Period(starts=PERIOD.starts, ends=date(2027, 3, 3))
    assert agency.price_of("hotel", "Lisbon", PERIOD) == 3 * agency.price_of("hotel", " LISBON", one_night)
    assert agency.price_of("flight", "Lisbon", PERIOD) == agency.price_of("flight", "lisbon", one_night)


def test_a_trip_has_to_add_up_and_to_end_after_it_starts() -> None:
    bookings = [Booking(what="flight", reference="F1", price=0.1), Booking(what="hotel", reference="H1", price=0.2)]
    assert Trip(place="Lisbon", period=PERIOD, bookings=bookings, total=0.3).total == 0.3
    with pytest.raises(ValidationError, match=r"the bookings come to 0.30, not to 0.40"):
        Trip(place="Lisbon", period=PERIOD, bookings=bookings, total=0.4)
    with pytest.raises(ValidationError, match="it ends before it starts"):
        Period(starts=PERIOD.ends, ends=PERIOD.starts)
