"""The examples of docs/agents.md, on the real engine: what they define is called, decided, and does what it says."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from uuid import uuid4

import pytest

from restate_bridge.contract import Outcome, opened, sealed, use_journal_keys
from restate_bridge.journal_keys import add_journal_key
from tests.agents.engine.house import HTTP, House, Turn
from tests.agents.engine.opening import open_house
from tests.agents.stand_in_inbox import Held, wait_for
from tests.docs.guide import EXAMPLES, example, offered
from tests.docs.scenes import SCENES, Asked, Scene, approved, rejected

#: What is called by a test of its own.
_BESIDE: Final[set[str]] = set()


@pytest.fixture(scope="module", params=["60", "0"], ids=["connection-kept", "always-suspended"])
def guide(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Restate, all that the page defines, and a stand-in for the inbox."""
    more = {"AGENT_INACTIVITY_TIMEOUT": request.param}
    with open_house(tmp_path_factory.mktemp("guide"), more, trial=False, agents="tests.docs.guide_agents") as house:
        yield house


def calls[T](*examples: str) -> Callable[[T], T]:
    """Note which examples a test calls."""
    _BESIDE.update(examples)
    return lambda test: test


def call(house: House, target: str, argument: Any) -> Turn:
    """Call a handler, and don't wait."""
    answer = HTTP.post(f"{house.ingress_url}/{target}/send", json=argument).raise_for_status()
    return Turn(house, "", answer.json()["invocationId"])


def people_decide(turn: Turn, asked: Sequence[Asked]) -> None:
    """Decide what a run and those that work for it ask, one after the other, as a scene says."""
    settled: set[str] = set()
    for one in asked:
        awakeable_id, held = wait_for(lambda one=one: _found(turn, one, settled), f"{one.title!r} is asked")  # type: ignore[misc]
        settled.add(awakeable_id)
        shown = held.announcement.model_dump(mode="json")
        assert _part(shown, one.shows) == one.shows
        if one.decided:
            turn.house.decide(awakeable_id, one.decided, **one.more)
        else:
            assert "Another team" in turn.house.inbox.wait_to_hear(awakeable_id, "withdraw")["reason"]


def nobody_else_was_asked(turn: Turn, asked: Sequence[Asked]) -> bool:
    titles = [held.announcement.title for _, held in turn.house.inbox.of_case(turn.invocation_id)]
    return Counter(titles) == Counter(one.title for one in asked)


def _found(turn: Turn, wanted: Asked, settled: set[str]) -> tuple[str, Held] | None:
    for awakeable_id, held in turn.house.inbox.of_case(turn.invocation_id):
        groups = wanted.shows.get("groups", held.announcement.groups)
        if (held.announcement.title, held.announcement.groups) == (
            wanted.title,
            groups,
        ) and awakeable_id not in settled:
            return awakeable_id, held
    return None


def _part(shown: Any, wanted: Any) -> Any:
    """Return of what is shown only what is named in what is wanted."""
    if isinstance(wanted, dict):
        return {name: _part(shown[name], value) for name, value in wanted.items()}
    if isinstance(wanted, list) and len(wanted) == len(shown):
        return [_part(one, other) for one, other in zip(shown, wanted, strict=True)]
    return shown


def told(turn: Turn) -> Any:
    """Return what the model was told of the last call."""
    response = json.loads(turn.answer())[-1]
    return response["result"] if response.keys() == {"result"} else response


def texts(house: House, session: str, service: str) -> list[str]:
    """Return what was said in a session, as it is stored."""
    _, stored = house.stored(session, service)
    return [part["text"] for event in stored["events"] if event["content"] for part in event["content"]["parts"]]


def test_every_example_is_called_by_a_scene_or_a_test() -> None:
    names = [name for block in EXAMPLES for name in offered(block)]
    assert Counter(names) == Counter({*_BESIDE, *(scene.example for scene in SCENES.values())})


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_a_tool_asks_and_does_what_the_page_says(guide: House, scene: Scene) -> None:
    turn = guide.ask(scene.message, service=scene.service)
    people_decide(turn, scene.asked)
    assert told(turn) == scene.told
    assert nobody_else_was_asked(turn, scene.asked)
    assert [step for step in turn.steps() if step in scene.steps] == [*scene.steps]


@calls("in_words")
@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.APPROVED, "Done: 3 of lamp are on their way"),
        (Outcome.REJECTED, "Rita Reviewer said no: No reason was given."),
        (Outcome.EXPIRED, "Nobody has decided in time."),
    ],
)
def test_what_came_of_a_call_is_put_into_words(guide: House, outcome: Outcome, words: str) -> None:
    turn = guide.ask('order {"article": "lamp", "number": 3}', service="Guide")
    people_decide(turn, [Asked("Order 3 of lamp", outcome)])
    assert example("in_words")["in_words"](told(turn)) == words


@calls("refund")
def test_a_plain_handler_asks_and_has_a_tool_approved(guide: House) -> None:
    turn = call(guide, "Refunds/refund", "A-17")
    question, refund = "In which state did A-17 come back?", "Refund 240.00 EUR for A-17"
    asked = [
        Asked(question, Outcome.ANSWERED, {"reason": "It was returned.", "requester": ""}, {"answer": "Unopened"}),
        Asked(refund, shows={"requester": "alice", "context": [{"text": "Rita Reviewer: Unopened"}]}),
    ]
    people_decide(turn, asked)
    assert turn.outcome().json() == approved("240.00 EUR are on their way")


@calls("flyers")
def test_the_nodes_of_a_workflow_ask_one_after_the_other(guide: House) -> None:
    turn = guide.ask("We need flyers", service="Flyers")
    question = {"question": {"choices": ["100", "500"]}}
    asked = [
        Asked("How many flyers?", Outcome.ANSWERED, question, {"answer": "500"}),
        Asked("Print 500 flyers", shows={"tool": "print_flyers"}, more={"arguments": {"copies": 300}}),
    ]
    people_decide(turn, asked)
    printed = json.loads(turn.answer())
    assert (printed["status"], printed["result"]) == ("approved_with_changes", "300 flyers are printed")


_WAIVE: Final = 'waive {"guest": "Ann", "amount": 12}'
_WAIVED: Final = "Waive 12.00 EUR of what Ann owes"


@calls("reception")
class TestReception:
    def test_who_is_handed_the_conversation_has_its_tool_approved(self, guide: House) -> None:
        turn = guide.ask(f'transfer_to_agent {{"agent_name": "complaints"}}\n\n{_WAIVE}', service="Reception")
        asked = {"agent": "complaints", "run": {"invocation_id": turn.invocation_id, "key": turn.session}}
        people_decide(turn, [Asked(_WAIVED, shows=asked)])
        assert told(turn) == approved("Ann owes 12.00 EUR less")

    def test_an_agent_that_is_asked_as_a_tool_has_its_own_approved(self, guide: House) -> None:
        turn = guide.ask(f"billing {json.dumps({'request': _WAIVE})}", service="Reception")
        asked = {"agent": "billing", "run": {"invocation_id": turn.invocation_id, "key": turn.session}}
        people_decide(turn, [Asked(_WAIVED, Outcome.REJECTED, asked)])
        assert json.loads(told(turn)) == [rejected("No reason was given.")]


@calls("clerk")
def test_a_service_of_ones_own_keeps_what_was_said(guide: House) -> None:
    letter, session = "Dear clerk, I have moved.", f"c-{uuid4().hex[:8]}"
    assert call(guide, f"Clerk/{session}/write", letter).outcome().is_success
    assert texts(guide, session, "Clerk") == [letter, "I have read it."]


@calls("talkative")
# A hundred calls of a model, each of them replayed behind the next, would take a while and tell nothing more.
@pytest.mark.parametrize("guide", ["60"], ids=["connection-kept"], indirect=True)
class TestTalkative:
    def test_more_turns_than_its_bounds_are_summed_up(self, guide: House) -> None:
        session = f"t-{uuid4().hex[:8]}"
        for number in range(21):
            guide.ask(f"Thought {number}", session, "Talkative").answer()
        # The latest four before this turn, and this one.
        thoughts = [f"Thought {number}" for number in range(16, 21)]
        assert texts(guide, session, "Talkative") == [text for one in thoughts for text in (one, "I have read it.")]
        _, stored = guide.stored(session, "Talkative")
        [summary] = [event["actions"]["compaction"] for event in stored["events"] if event["actions"]["compaction"]]
        assert "Thought 15" in str(summary)

    def test_a_turn_that_wants_more_than_its_bound_of_calls_ends_for_good(self, guide: House) -> None:
        turn = guide.ask("\n\n".join(["look {}"] * 101), service="Talkative")
        assert "the agent wanted to call its model more than 100 times in a turn" in turn.outcome().text


@calls("note")
def test_without_a_key_nothing_is_sealed(guide: House) -> None:
    assert call(guide, "SealedDesk/note", "a secret").outcome().json() == "Noted: a secret"


@calls("app")
def test_with_a_key_what_its_endpoint_returns_is_sealed(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("sealed")
    keys = folder / "journal_keys"
    add_journal_key(keys)
    more = {"COUNTERSIGN_JOURNAL_KEYS_FILE": str(keys)}
    with open_house(folder, more, trial=False, agents="tests.docs.sealed_guide") as house:
        use_journal_keys(keys)
        try:
            answer = HTTP.post(
                f"{house.ingress_url}/SealedDesk/note",
                content=sealed(b'"a secret"'),
                headers={"content-type": "application/json"},
            )
            assert b"secret" not in answer.content
            assert json.loads(opened(answer.content)) == "Noted: a secret"
        finally:
            use_journal_keys(None)
