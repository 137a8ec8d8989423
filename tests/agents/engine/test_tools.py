"""How gated tools of every kind behave, on the real engine."""

import json
from typing import Any

from pydantic import JsonValue

from restate_bridge.contract import Kind, Outcome, Risk
from restate_bridge.contract.afterwards import MAX_RESULT_BYTES
from tests.agents.engine.house import House, Turn


def _told(turn: Turn) -> list[dict[str, Any]]:
    """Return what the tools returned to the model, which says it back."""
    told: list[dict[str, Any]] = json.loads(turn.answer().split("\n\n")[0])
    return told


def _approved(house: House, said: str) -> tuple[Turn, str]:
    turn = house.ask(said, service="Trial")
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, Outcome.APPROVED)
    return turn, awakeable_id


def test_a_tool_that_fails_for_good_is_reported_and_the_model_is_told(house: House) -> None:
    turn, awakeable_id = _approved(house, 'refuse {"what": "flying"}')
    assert _told(turn) == [{"status": "failed", "error": "flying is impossible"}]
    assert house.inbox.wait_to_hear(awakeable_id, "report") == {"state": "failed", "result": "flying is impossible"}


def test_a_tool_that_stumbles_is_tried_again(house: House) -> None:
    turn, awakeable_id = _approved(house, 'stumble {"times": 2}')
    assert _told(turn)[0]["result"] == "succeeded at try 3"
    assert house.inbox.wait_to_hear(awakeable_id, "report") == {"state": "done", "result": "succeeded at try 3"}


def test_a_tool_that_stumbles_too_often_has_failed(house: House) -> None:
    turn, awakeable_id = _approved(house, 'stumble {"times": 9}')
    assert "stumbled at try 3" in _told(turn)[0]["error"]
    assert house.inbox.wait_to_hear(awakeable_id, "report")["state"] == "failed"


def test_an_oversized_result_reaches_the_model_and_the_inbox_gets_a_note_with_its_size(house: House) -> None:
    turn, awakeable_id = _approved(house, f'make {{"size": {MAX_RESULT_BYTES}}}')
    assert len(_told(turn)[0]["result"]) == MAX_RESULT_BYTES
    told = house.inbox.wait_to_hear(awakeable_id, "report")
    assert told["state"] == "done"
    assert "65,538 bytes long" in told["result"]["not_shown"]


def test_a_tool_may_make_its_own_steps_and_ask_in_between(house: House) -> None:
    turn, _ = _approved(house, "work {}")
    awakeable_id, held = house.inbox.wait_for_request(turn.session, 2)
    assert (held.announcement.kind, held.announcement.tool) == (Kind.QUESTION, "work")
    assert held.announcement.deadline_seconds == 2 * 86_400
    house.decide(awakeable_id, Outcome.ANSWERED, answer="Lunch")
    assert _told(turn)[0]["result"] == {"first": "one", "then": "Lunch"}


def test_an_unanswered_question_is_no_error(house: House) -> None:
    turn, _ = _approved(house, "work {}")
    awakeable_id, _ = house.inbox.wait_for_request(turn.session, 2)
    house.decide(awakeable_id, Outcome.EXPIRED, decided_by="Countersign")
    assert _told(turn)[0]["result"]["then"] == "expired"


def test_a_question_within_a_durable_step_is_refused_with_advice(house: House) -> None:
    turn, _ = _approved(house, "ask_within {}")
    assert "as_step=False" in _told(turn)[0]["error"]


def test_what_is_laid_down_may_depend_on_the_arguments(house: House) -> None:
    turn = house.ask('transfer {"amount": 50}', service="Trial")
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    said = held.announcement
    assert (said.risk, said.groups, said.quorum, said.deadline_seconds) == (Risk.HIGH, ["board"], 2, 3600)
    assert [stage.after_seconds for stage in said.escalations] == [50 * 60]
    assert said.reject_reasons == ["The account is closed."]
    house.decide(awakeable_id, Outcome.APPROVED, arguments={"amount": 7})
    [told] = _told(turn)
    assert told["changed"] == {"amount": {"from": 50, "to": 7}}
    assert told["result"] == {"transferred": 7}


def test_stages_that_do_not_fit_the_arguments_fail_the_call_and_say_why(house: House) -> None:
    turn = house.ask('transfer {"amount": 60}', service="Trial")
    error = "The request can't be made: escalations: the last one has to come before the deadline"
    assert _told(turn) == [{"status": "failed", "error": error}]
    assert house.inbox.of_session(turn.session) == []


def test_a_call_that_needs_no_approval_returns_the_tools_own_result(house: House) -> None:
    turn = house.ask('transfer {"amount": 1}', service="Trial")
    assert _told(turn) == [{"transferred": 1}]
    assert turn.steps().count("transfer") == 1


def test_wrong_arguments_are_handed_back_to_the_model(house: House) -> None:
    turn = house.ask('transfer {"amount": "lots"}', service="Trial")
    assert "correct them" in _told(turn)[0]["error"]


def test_what_would_reach_the_tool_as_something_else_is_put_before_nobody(house: House) -> None:
    turn = house.ask('pay_out {"amount": {"amountEur": 500}}', service="Trial")
    [told] = _told(turn)
    assert told["status"] == "failed"
    assert "'amount' would reach the tool as something else than people approve" in told["error"]
    assert not house.inbox.of_session(turn.session)


def test_a_decision_with_arguments_that_the_tool_does_not_take_fails(house: House) -> None:
    turn = house.ask('transfer {"amount": 50}', service="Trial")
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, Outcome.APPROVED, arguments={"amount": "lots"})
    assert _told(turn)[0]["status"] == "failed"


def test_two_calls_of_one_model_turn_are_asked_one_after_the_other(house: House) -> None:
    turn = house.ask('transfer {"amount": 5}\ntransfer {"amount": 6}', service="Trial")
    first, _ = house.inbox.wait_for_request(turn.session)
    house.decide(first, Outcome.REJECTED)
    second, _ = house.inbox.wait_for_request(turn.session, 2)
    house.decide(second, Outcome.APPROVED)
    assert [told["status"] for told in _told(turn)] == ["rejected", "approved"]


def test_the_model_may_ask_a_person_itself(house: House) -> None:
    turn = house.ask('ask_a_person {"question": "Red or blue?", "choices": ["red", "blue"]}', service="Trial")
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    assert (held.announcement.tool, held.announcement.groups) == ("ask_a_person", ["desk"])
    assert [(stage.after_seconds, stage.remind) for stage in held.announcement.escalations] == [(3600, ["desk"])]
    house.decide(awakeable_id, Outcome.ANSWERED, answer="blue")
    assert _told(turn) == [{"status": "answered", "answer": "blue", "decided_by": "Rita Reviewer"}]


def test_the_model_may_have_a_person_fill_in_a_form(house: House) -> None:
    turn = house.ask('arrange_pickup {"question": "Where is A-17 fetched?"}', service="Trial")
    first, held = house.inbox.wait_for_request(turn.session)
    assert (held.announcement.tool, held.announcement.groups) == ("arrange_pickup", ["desk"])
    asked = held.announcement.arguments
    sunday: dict[str, JsonValue] = {"address": "Harbour 4", "on": "2026-11-29", "parcels": 2}
    house.decide(first, Outcome.ANSWERED, arguments=asked | {"answer": sunday})
    second, again = house.inbox.wait_for_request(turn.session, 2)
    assert again.announcement.question is not None
    assert "nobody is there on a Sunday" in again.announcement.question.text
    monday = sunday | {"on": "2026-11-30"}
    house.decide(second, Outcome.ANSWERED, arguments=asked | {"answer": monday})
    assert _told(turn) == [{"status": "answered", "answer": monday, "decided_by": "Rita Reviewer"}]


def test_a_question_that_can_not_be_asked_is_handed_back_to_the_model(house: House) -> None:
    wrong = ('{"question": "Which?", "choices": ["same", "same"]}', '{"question": 5, "choices": 5}')
    turn = house.ask("\n".join(f"ask_a_person {arguments}" for arguments in wrong), service="Trial")
    told = _told(turn)
    assert told[0]["error"] == "The question can't be asked: two choices are the same"
    assert "choices: Input should be a valid list" in told[1]["error"]


def test_a_turn_of_an_agent_with_two_tools_of_one_name_ends_for_good_and_says_why(house: House) -> None:
    turn = house.ask("Empty it.", service="Clashing")
    assert turn.outcome().json()["message"] == "clearer: two of its tools are called 'empty'; give one another name"
    assert "call LLM" not in turn.steps()
    assert house.inbox.of_session(turn.session) == []
