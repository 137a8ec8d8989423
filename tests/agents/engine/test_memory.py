"""What a session remembers, however a turn ended, and that the next message is answered."""

import json
from typing import Any

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.house import HTTP, House, Turn
from tests.agents.stand_in_inbox import wait_for

FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"
CANCELLED = {"status": "cancelled", "error": "The run was cancelled before this call returned."}


def _kept(turn: Turn, service: str) -> list[tuple[str, Any]]:
    """Return what the session holds: what was said, which tools were called, and what came back."""
    kept: list[tuple[str, Any]] = []
    for entry in turn.house.history(turn.session, service):
        said = entry["text"] if entry["kind"] == "message" else entry["tool"]
        kept.append((entry["kind"], entry["data"] if entry["kind"] == "tool_result" else said))
    return kept


def _goes_on(turn: Turn, service: str) -> None:
    """Say something else in the session: it is answered, and everything from before is still there."""
    before = _kept(turn, service)
    turn.house.ask('transfer {"amount": 1}', turn.session, service).answer()
    after = _kept(turn, service)
    assert after[: len(before)] == before
    assert after[len(before) :][0] == ("message", 'transfer {"amount": 1}')
    assert after[-2][1] == {"transferred": 1}


def _waiting(house: House, message: str) -> tuple[Turn, str]:
    turn = house.ask(message, service="Trial")
    return turn, house.inbox.wait_for_request(turn.session)[0]


def test_a_turn_that_is_cancelled_while_it_waits_stays_and_the_session_goes_on(house: House) -> None:
    turn = house.ask(FLIGHT)
    house.inbox.wait_for_request(turn.session)
    turn.cancel()
    assert turn.outcome().json()["message"] == "cancelled"
    kept = _kept(turn, "Claims")
    assert kept[0] == ("message", FLIGHT)
    assert kept[-3:] == [
        ("tool_call", "reimburse"),
        ("tool_result", CANCELLED),
        ("message", "(The run was cancelled before the answer was complete.)"),
    ]
    assert "Paid: 12.00 EUR" in house.ask("12 EUR taxi", turn.session).answer()
    assert _kept(turn, "Claims")[: len(kept)] == kept


def test_a_turn_that_is_cancelled_while_its_tool_runs_stays(house: House) -> None:
    turn, awakeable_id = _waiting(house, 'linger {"seconds": 1}')
    house.decide(awakeable_id, Outcome.APPROVED)
    house.inbox.wait_to_hear(awakeable_id, "acknowledge")
    turn.cancel()
    assert turn.outcome().status_code == 409
    assert _kept(turn, "Trial")[2:4] == [("tool_call", "linger"), ("tool_result", CANCELLED)]
    assert house.inbox.wait_to_hear(awakeable_id, "report")["state"] == "failed"
    _goes_on(turn, "Trial")


def test_a_turn_that_is_cancelled_while_the_model_thinks_stays(house: House) -> None:
    turn = house.ask("think", service="Trial")
    wait_for(lambda: "call LLM" in turn.steps(), "the model is called")
    turn.cancel()
    assert turn.outcome().json()["message"] == "cancelled"
    kept = _kept(turn, "Trial")
    assert kept[0] == ("message", "think")
    assert kept[-1] == ("message", "(The run was cancelled before the answer was complete.)")
    _goes_on(turn, "Trial")


def test_what_one_call_returned_stays_when_the_next_is_cancelled(house: House) -> None:
    turn, awakeable_id = _waiting(house, 'transfer {"amount": 5}\nlinger {"seconds": 1}\ntransfer {"amount": 6}')
    house.decide(awakeable_id, Outcome.APPROVED)
    house.inbox.wait_for_request(turn.session, 2)
    turn.cancel()
    assert turn.outcome().status_code == 409
    results = [said for kind, said in _kept(turn, "Trial") if kind == "tool_result"]
    assert [result["status"] for result in results] == ["approved", "cancelled", "cancelled"]
    _goes_on(turn, "Trial")


def test_a_turn_that_is_cancelled_while_another_agent_serves_as_its_tool_stays(house: House) -> None:
    turn = house.ask("helper " + json.dumps({"request": 'transfer {"amount": 5}'}), service="Trial")
    wait_for(lambda: "announce approval: transfer" in turn.steps(), "the helper asks")
    turn.cancel()
    assert turn.outcome().status_code == 409
    assert _kept(turn, "Trial")[2:4] == [("tool_call", "helper"), ("tool_result", CANCELLED)]
    assert turn.steps().count("store session") == 1
    _goes_on(turn, "Trial")


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.EXPIRED])
def test_a_rejection_and_an_expiry_stay(house: House, outcome: Outcome) -> None:
    turn, awakeable_id = _waiting(house, 'transfer {"amount": 5}')
    house.decide(awakeable_id, outcome)
    turn.answer()
    kept = _kept(turn, "Trial")
    assert [kind for kind, _ in kept] == ["message", "message", "tool_call", "tool_result", "message"]
    assert kept[3][1]["status"] == outcome
    _goes_on(turn, "Trial")


def test_a_request_that_can_not_be_asked_again_is_withdrawn_and_stays(house: House) -> None:
    turn, first = _waiting(house, 'transfer {"amount": 5}')
    # The first refuses the record of the invalid answer, the second the announcement that comes after it.
    house.inbox.refusals += [(413, "too large"), (413, "too large")]
    house.resolve(first, b"garbage")
    turn.answer()
    assert house.inbox.wait_to_hear(first, "withdraw") == {
        "reason": "The agent could not ask again after an answer that did not count."
    }
    assert len(house.inbox.of_session(turn.session)) == 1
    assert _kept(turn, "Trial")[3][1] == {"status": "failed", "error": "The inbox refused it (413): too large"}
    _goes_on(turn, "Trial")


def test_a_gated_tool_that_fails_for_good_stays(house: House) -> None:
    turn, awakeable_id = _waiting(house, 'refuse {"what": "flying"}')
    house.decide(awakeable_id, Outcome.APPROVED)
    turn.answer()
    assert _kept(turn, "Trial")[2:4] == [
        ("tool_call", "refuse"),
        ("tool_result", {"status": "failed", "error": "flying is impossible"}),
    ]
    _goes_on(turn, "Trial")


def test_a_plain_tool_that_ends_the_run_stays(house: House) -> None:
    turn = house.ask('transfer {"amount": 1}\nbreak_off {"why": "no bridge"}\ntransfer {"amount": 1}', service="Trial")
    assert turn.outcome().json()["message"] == "no bridge"
    failed = {"status": "failed", "error": "The run failed (no bridge) before this call returned."}
    kept = _kept(turn, "Trial")
    assert [said for kind, said in kept if kind == "tool_result"] == [{"transferred": 1}, failed, failed]
    assert kept[-1] == ("message", "(The run failed (no bridge) before the answer was complete.)")
    _goes_on(turn, "Trial")


def test_a_model_that_is_given_up_leaves_the_message_and_says_so_also_in_a_service_of_ones_own(house: House) -> None:
    turn = house.ask("break", service="Brittle")
    assert "the model is away" in turn.outcome().json()["message"]
    again = house.ask('transfer {"amount": 1}', turn.session, "Brittle")
    assert again.answer().startswith('[{"transferred": 1}]')
    [stored] = house.query(
        f"SELECT value_utf8 FROM state WHERE service_name = 'Brittle' AND service_key = '{turn.session}'"  # noqa: S608
    )
    parts = [event["content"]["parts"][0] for event in json.loads(stored["value_utf8"])["events"] if event["content"]]
    assert parts[0]["text"] == "break"
    assert "the model is away" in parts[1]["text"]
    assert parts[2]["text"] == 'transfer {"amount": 1}'


def test_a_kill_loses_its_turn_alone_and_the_session_goes_on(house: House) -> None:
    first = house.ask('transfer {"amount": 1}', service="Trial")
    first.answer()
    before = _kept(first, "Trial")
    killed = house.ask('transfer {"amount": 5}', first.session, "Trial")
    house.inbox.wait_for_request(first.session)
    HTTP.patch(f"{house.admin_url}/invocations/{killed.invocation_id}/kill").raise_for_status()
    assert killed.outcome().status_code == 409
    assert _kept(first, "Trial") == before
    _goes_on(first, "Trial")


def test_the_session_is_written_once_for_a_turn_that_ended_badly(house: House) -> None:
    turn, _ = _waiting(house, 'transfer {"amount": 5}')
    turn.cancel()
    turn.outcome()
    assert turn.steps()[-2:] == ["withdraw request: transfer", "store session"]
    assert turn.steps().count("store session") == 1
