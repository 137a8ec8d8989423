"""What agents do while the inbox is away, and what they give up."""

import re

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House, Turn
from tests.agents.stand_in_inbox import wait_for

FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"


def _asked_while_away(house: House, moment: str) -> Turn:
    """Have the inbox go away just before the agent announces, acknowledges or reports."""
    house.inbox.away = moment == "announce"
    turn = house.ask(FLIGHT)
    if moment == "announce":
        return turn
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.inbox.away = moment == "acknowledge"
    house.inbox.held_back.add("acknowledge")
    house.decide(awakeable_id, Outcome.APPROVED)
    if moment == "report":
        house.inbox.wait_to_hear(awakeable_id, "acknowledge")
    house.inbox.away = True
    house.inbox.held_back.clear()
    return turn


def _knocks(house: House, path: str) -> list[float]:
    """Return when a call came while the inbox was away."""
    return [at for at, knocked_at in house.inbox.turned_away if knocked_at == path]


@pytest.mark.parametrize("house", ["60"], indirect=True, ids=["connection-kept"])
@pytest.mark.parametrize(
    ("moment", "step"),
    [
        ("announce", "announce approval: reimburse"),
        ("acknowledge", "acknowledge decision: reimburse"),
        ("report", "report: reimburse"),
    ],
)
def test_an_inbox_that_is_away_is_tried_with_growing_pauses_and_hears_everything_once(
    house: House, moment: str, step: str
) -> None:
    turn = _asked_while_away(house, moment)
    wait_for(lambda: int(turn.status().get("retry_count", 0)) >= 2, "the step is tried again")
    failure = turn.status()["last_failure"]
    assert "the stand-in inbox is away" in failure
    assert turn.steps()[-1] == step
    [path] = set(re.findall(r"/api/requests/sign_1[\w/-]+", failure))
    knocks = wait_for(lambda: _knocks(house, path)[3:] and _knocks(house, path), "the fourth try")
    assert knocks[3] - knocks[2] > 2 * (knocks[1] - knocks[0])
    house.inbox.away = False
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    assert awakeable_id in path
    if moment == "announce":
        house.decide(awakeable_id, Outcome.APPROVED)
    assert "approved" in turn.answer()
    assert [awakeable_id for awakeable_id, _ in house.inbox.of_session(turn.session)] == [awakeable_id]
    assert {verb: len(told) for verb, told in held.heard.items()} == {"acknowledge": 1, "report": 1}
    assert len(house.payments(turn.session)) == 1


def test_a_refused_announcement_is_visible_and_tried_again(house: House) -> None:
    house.inbox.refusals += [(422, "groups: there is no group finance")] * 2
    turn = house.ask(FLIGHT)
    failure = wait_for(lambda: str(turn.status().get("last_failure", "")), "the failure shows")
    assert "there is no group finance" in failure
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, Outcome.APPROVED)
    turn.answer()


def test_an_announcement_that_will_never_be_taken_fails_the_call_and_the_session_goes_on(house: House) -> None:
    house.inbox.refusals.append((413, "the body is larger than 1048576 bytes"))
    turn = house.ask('transfer {"amount": 50}', service="Trial")
    assert '"status": "failed"' in turn.answer()
    assert "The inbox refused it (413): the body is larger than 1048576 bytes" in turn.answer()
    assert house.inbox.of_session(turn.session) == []
    house.inbox.refusals.append((422, "question.text: too long"))
    asked = house.ask('ask_a_person {"question": "Red?", "choices": []}', turn.session, service="Trial")
    assert "The inbox refused it (422): question.text: too long" in asked.answer()


def test_a_cancel_while_asking_again_leaves_no_request_open(house: House) -> None:
    turn = house.ask('transfer {"amount": 5}', service="Trial")
    first, held = house.inbox.wait_for_request(turn.session)
    house.inbox.held_back.add("invalid-answer")
    house.resolve(first, b"garbage")
    house.inbox.wait_to_hear(first, "invalid-answer")
    house.inbox.away = True
    house.inbox.held_back.clear()
    wait_for(lambda: turn.steps().count("announce approval: transfer") == 2, "the agent asks again")
    turn.cancel()
    house.inbox.away = False
    assert turn.outcome().status_code == 409
    assert held.heard["withdraw"] == [{"reason": "The run was cancelled."}]


def test_a_question_that_can_not_be_asked_ends_the_run_and_says_why(house: House) -> None:
    turn = house.ask("ask_nothing {}", service="Trial")
    ended = turn.outcome()
    assert ended.status_code == 422
    assert ended.json()["message"] == "The question can't be asked: text: String should have at least 1 character"
    assert house.inbox.of_session(turn.session) == []
