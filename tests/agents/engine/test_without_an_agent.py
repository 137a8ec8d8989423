"""People are asked by plain Restate handlers, and by nodes of an ADK workflow."""

import json
from typing import Any
from uuid import uuid4

from restate_bridge.contract import Outcome
from tests.agents.engine.house import HTTP, House, Turn
from tests.agents.stand_in_inbox import Held, wait_for


def call(house: House, handler: str, argument: Any) -> Turn:
    answer = HTTP.post(f"{house.ingress_url}/Desk/{handler}/send", json=argument).raise_for_status()
    return Turn(house, "", answer.json()["invocationId"])


def requests(house: House, turn: Turn, number: int) -> list[tuple[str, Held]]:
    return wait_for(
        lambda: found if len(found := house.inbox.of_run(turn.invocation_id)) == number else [], f"{number} requests"
    )


def test_a_plain_handler_asks_and_has_a_tool_approved(house: House) -> None:
    turn = call(house, "order", 4)
    [(question, asked)] = requests(house, turn, 1)
    assert (asked.announcement.agent, asked.announcement.requester) == ("Desk", "alice")
    assert asked.announcement.reason == "It is due."
    assert asked.announcement.run.handler == "order"
    house.decide(question, Outcome.ANSWERED, answer="now")
    *_, (approval, wanted) = requests(house, turn, 2)
    assert (wanted.announcement.tool, wanted.announcement.arguments) == ("transfer", {"amount": 4})
    assert [entry.text for entry in wanted.announcement.context] == ["Rita Reviewer: now"]
    house.decide(approval, Outcome.APPROVED, arguments={"amount": 3})
    answer = turn.outcome().json()
    assert (answer["status"], answer["result"]) == ("approved_with_changes", {"transferred": 3})
    assert house.inbox.wait_to_hear(approval, "report")["result"] == {"transferred": 3}


def test_a_form_is_filled_in_and_asked_for_again_when_the_model_refuses_it(house: House) -> None:
    turn = call(house, "fetch", None)
    [(first, asked)] = requests(house, turn, 1)
    said = asked.announcement
    assert (said.arguments, said.editable) == ({"question": "Where is it?"}, ["answer"])
    of_answer: Any = said.arguments_schema["properties"]["answer"]  # type: ignore[index,call-overload]
    assert of_answer["required"] == ["address", "on"]
    assert of_answer["properties"]["parcels"]["default"] == 2
    sunday = {"address": "Mill Lane 3", "on": "2026-11-22", "parcels": 3}
    house.decide(first, Outcome.ANSWERED, arguments={**said.arguments, "answer": sunday})
    *_, (second, again) = requests(house, turn, 2)
    assert "asked_again" in house.inbox.wait_to_hear(first, "report")["result"]
    assert again.announcement.supersedes == first
    assert again.announcement.question is not None
    assert "nobody is there on a Sunday" in again.announcement.question.text
    house.decide(second, Outcome.ANSWERED, arguments={**said.arguments, "answer": sunday | {"on": "2026-11-23"}})
    assert turn.outcome().json() == {"status": "answered", "on": "2026-11-23", "parcels": 3}
    assert house.inbox.wait_to_hear(second, "report")["result"]["answer"]["address"] == "Mill Lane 3"


def test_a_file_goes_along_before_anybody_is_asked(house: House) -> None:
    turn = call(house, "show", "slip.txt")
    [(awakeable_id, asked)] = requests(house, turn, 1)
    [file] = asked.announcement.files
    assert (file.name, file.media_type) == ("slip.txt", "text/plain")
    assert house.inbox.files[file.digest] == b"What it holds"
    house.decide(awakeable_id, Outcome.ANSWERED, answer="yes")
    assert turn.outcome().json() == "yes"


def test_a_file_that_nobody_could_look_at_ends_the_run(house: House) -> None:
    outcome = call(house, "show", "slip.exe")
    assert "file slip.exe: media_type" in outcome.outcome().text
    assert not house.inbox.of_run(outcome.invocation_id)


def test_nobody_has_to_fill_in_a_form(house: House) -> None:
    turn = call(house, "fetch", None)
    [(awakeable_id, _)] = requests(house, turn, 1)
    house.decide(awakeable_id, Outcome.REJECTED, note="Not my parcel")
    assert turn.outcome().json() == {"status": "rejected"}


def test_a_form_that_begins_with_a_field_that_it_has_not_is_refused(house: House) -> None:
    assert "Pickup has no field 'colour' to begin with" in call(house, "fetch_oddly", None).outcome().text


def test_what_needs_no_approval_is_done_at_once(house: House) -> None:
    answer = call(house, "order_many", [1, 1]).outcome().json()
    assert answer == [{"status": "not_needed", "result": {"transferred": 1}}] * 2


def test_a_plain_handler_asks_for_many_at_once(house: House) -> None:
    turn = call(house, "order_many", [2, 3])
    (two, _), (three, _) = requests(house, turn, 2)
    house.decide(three, Outcome.REJECTED)
    house.decide(two, Outcome.APPROVED)
    assert [one["status"] for one in turn.outcome().json()] == ["approved", "rejected"]


def test_a_tool_that_takes_the_context_of_an_agent_is_refused_there(house: House) -> None:
    assert "which a plain handler has none of" in call(house, "stumble_there", 1).outcome().text


def test_a_node_of_a_workflow_asks_and_has_a_tool_approved(house: House) -> None:
    turn = house.ask("5", f"f-{uuid4().hex[:8]}", "Flow")
    question, asked = house.inbox.wait_for_request(turn.session)
    assert (asked.announcement.requester, asked.announcement.run.service) == ("alice", "Flow")
    house.decide(question, Outcome.ANSWERED, answer="yes")
    approval, wanted = house.inbox.wait_for_request(turn.session, 2)
    assert wanted.announcement.tool == "transfer"
    assert "5" in json.dumps([entry.model_dump(mode="json") for entry in wanted.announcement.context])
    house.decide(approval, Outcome.APPROVED)
    answer = turn.outcome().json()
    assert (answer["due"], answer["result"]) == ("yes", {"transferred": 5})
    keys = [one["result"] for one in answer["keys"]]
    assert len({*keys}) == 2
    assert all(key.startswith(f"{turn.invocation_id}.") for key in keys)
