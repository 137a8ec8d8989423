"""What a turn has done is undone, the latest first: when it is not approved, and when the turn ends badly."""

from pathlib import Path
from typing import Any

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House, Turn
from tests.agents.stand_in_inbox import wait_for

TRIP = "A trip to Lisbon, 2027-03-02 to 2027-03-05"
BRICKS = 'lay {"brick": "red"}\nlay {"brick": "blue"}\n'


@pytest.fixture(autouse=True)
def _nothing_taken_away_yet(house: House) -> None:
    taken_away(house)


def undo_steps(turn: Turn) -> list[str]:
    return [name for name in turn.steps() if name.startswith("undo: ")]


def taken_away(house: House) -> list[str]:
    path = house.ledger_file.with_name("taken-away")
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def decided(house: House, message: str, outcome: Outcome) -> Turn:
    turn = house.ask(message, service="Trial")
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, outcome)
    return turn


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.EXPIRED])
def test_what_is_not_approved_is_undone_in_reverse_and_model_and_inbox_are_told(house: House, outcome: Outcome) -> None:
    turn = decided(house, BRICKS + 'finish_wall {"well": true}', outcome)
    assert '"undone": ["lay", "lay"]' in turn.answer()
    assert taken_away(house) == ["blue laid blue", "red laid red"]
    assert undo_steps(turn) == ["undo: lay", "undo: lay"]
    [(awakeable_id, _)] = house.inbox.of_session(turn.session)
    assert house.inbox.wait_to_hear(awakeable_id, "report")["result"]["undone"] == ["lay", "lay"]


def test_what_is_approved_stands(house: House) -> None:
    turn = decided(house, BRICKS + 'finish_wall {"well": true}', Outcome.APPROVED)
    assert "finished" in turn.answer()
    assert undo_steps(turn) == []


def test_what_is_approved_and_fails_is_undone_too(house: House) -> None:
    turn = decided(house, BRICKS + 'finish_wall {"well": false}', Outcome.APPROVED)
    assert '"error": "it leans", "undone": ["lay", "lay"]' in turn.answer()
    assert taken_away(house) == ["blue laid blue", "red laid red"]
    [(awakeable_id, _)] = house.inbox.of_session(turn.session)
    told = house.inbox.wait_to_hear(awakeable_id, "report")
    assert told == {"state": "failed", "result": "it leans Undone: lay, lay."}


def test_a_tool_that_failed_may_have_had_its_effect_and_is_undone_without_a_result(house: House) -> None:
    turn = decided(house, 'lay {"brick": "crumbling"}\nfinish_wall {"well": true}', Outcome.REJECTED)
    assert '"status": "failed", "error": "ValueError(' in turn.answer()
    assert taken_away(house) == ["crumbling None"]


def test_an_undo_that_gives_up_is_told_and_the_others_are_done(house: House) -> None:
    message = 'lay {"brick": "red"}\nlay {"brick": "sticky"}\nfinish_wall {"well": true}'
    turn = decided(house, message, Outcome.REJECTED)
    assert '"undone": ["lay"], "not_undone": {"lay": "it sticks"}' in turn.answer()
    assert taken_away(house) == ["red laid red"]


def test_an_undo_that_raises_is_tried_until_it_succeeds(house: House) -> None:
    obstacle: Path = house.ledger_file.with_name("blue")
    obstacle.write_text("a ladder")
    turn = decided(house, BRICKS + 'finish_wall {"well": true}', Outcome.REJECTED)
    wait_for(lambda: "a ladder stands on it" in turn.status().get("last_failure", ""), "the undo fails")
    obstacle.unlink()
    assert '"undone": ["lay", "lay"]' in turn.answer()
    assert taken_away(house) == ["blue laid blue", "red laid red"]


def test_a_cancelled_turn_is_undone(house: House) -> None:
    turn = house.ask(TRIP, service="Travel")
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    turn.cancel()
    assert turn.outcome().status_code == 409
    assert undo_steps(turn) == ["undo: book_car", "undo: book_hotel", "undo: book_flight"]
    assert house.inbox.wait_to_hear(awakeable_id, "withdraw") == {"reason": "The run was cancelled."}
    last = house.history(turn.session, "Travel")[-1]
    assert "cancelled" in last["text"]


def test_a_cancellation_while_it_is_being_undone_leaves_nothing(house: House) -> None:
    obstacle: Path = house.ledger_file.with_name("blue")
    obstacle.write_text("a ladder")
    turn = decided(house, BRICKS + 'finish_wall {"well": true}', Outcome.REJECTED)
    wait_for(lambda: "a ladder stands on it" in turn.status().get("last_failure", ""), "the undo fails")
    turn.cancel()
    obstacle.unlink()
    assert turn.outcome().status_code == 409
    assert taken_away(house) == ["blue laid blue", "red laid red"]


def test_a_turn_that_fails_for_good_is_undone(house: House) -> None:
    turn = house.ask(BRICKS + 'break_off {"why": "enough"}', service="Trial")
    assert "enough" in turn.outcome().text
    assert taken_away(house) == ["blue laid blue", "red laid red"]


def test_a_turn_that_ends_well_leaves_what_nobody_had_to_be_asked_for(house: House) -> None:
    turn = house.ask(BRICKS.strip(), service="Trial")
    assert "laid blue" in turn.answer()
    assert undo_steps(turn) == []


def test_a_trip_that_was_rejected_can_be_asked_for_again(house: House) -> None:
    turn = house.ask(TRIP, service="Travel")
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    assert held.announcement.title.startswith("Trip to Lisbon: ")
    house.decide(awakeable_id, Outcome.REJECTED, note="It can be a call.")
    assert "rejected it: It can be a call. I have cancelled the car" in turn.answer()
    again = house.ask(TRIP + ", no car", turn.session, "Travel")
    awakeable_id, held = house.inbox.wait_for_request(turn.session, 2)
    trip: Any = held.announcement.arguments["trip"]
    assert [booking["what"] for booking in trip["bookings"]] == ["flight", "hotel"]
    house.decide(awakeable_id, Outcome.APPROVED)
    assert "is booked and paid" in again.answer()
