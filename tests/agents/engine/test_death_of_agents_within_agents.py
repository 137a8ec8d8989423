"""Agents that serve as a tool of another, and agents below another, with their process killed at every step."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House
from tests.agents.engine.mortality import MORTAL, Sample, effects, ends_the_same
from tests.agents.engine.opening import open_house

awake = pytest.mark.parametrize("mortal", ["60"], ids=["awake"], indirect=True)


def lines(*calls: tuple[str, dict[str, Any]]) -> str:
    return "\n".join(f"{tool} {json.dumps(arguments)}" for tool, arguments in calls)


WORK = lines(("take", {"what": "the box"}), ("send", {"what": "the box"}))
CONSULT = lines(("consult", {"service": "Other", "message": lines(("take", {"what": "a note"}))}))
SAMPLES = {
    "tool rejected": Sample(
        "Nested",
        lines(("clerk", {"request": WORK})),
        "the box; rejected",
        {"send": Outcome.REJECTED},
        ("took the box", "gave back the box"),
        events=15,
    ),
    "tool consults": Sample(
        "Nested",
        lines(("clerk", {"request": f"{CONSULT}\n{WORK}"})),
        "a note; the box; approved",
        {"send": Outcome.APPROVED},
        ("took a note", "took the box", "sent the box"),
        events=20,
    ),
    "tool twice": Sample(
        "Counted",
        lines(("clerk", {"request": WORK}), ("clerk", {"request": WORK})),
        "the box; approved; the box; approved",
        {"send": Outcome.APPROVED},
        ("took the box", "sent the box", "took the box", "sent the box"),
        requests=2,
        events=30,
    ),
    "below approved": Sample(
        "Passing", WORK, "the box; approved", {"send": Outcome.APPROVED}, ("took the box", "sent the box"), events=15
    ),
}


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("order") / "when"


@pytest.fixture(scope="module")
def mortal(order: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house in which whoever waits stays awake, or is suspended at once and replayed."""
    more = {
        "MORTAL_FILE": str(order),
        "MORTAL_SERVES": "tests.agents.engine.nested_agents",
        "AGENT_INACTIVITY_TIMEOUT": request.param,
    }
    with open_house(tmp_path_factory.mktemp("nested"), more, trial=False, agents=MORTAL) as house:
        yield house


@awake
@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_handed_on_ends_the_same_when_agents_die(mortal: House, order: Path, name: str) -> None:
    ends_the_same(mortal, order, name, SAMPLES[name])


@pytest.mark.parametrize("mortal", ["0"], ids=["asleep"], indirect=True)
@pytest.mark.parametrize("name", ["tool rejected"])
def test_so_it_does_when_whoever_waits_is_put_to_sleep(mortal: House, order: Path, name: str) -> None:
    ends_the_same(mortal, order, name, SAMPLES[name])


@awake
def test_a_node_has_a_key_of_its_own_in_each_turn_and_the_same_in_each_replay(mortal: House, order: Path) -> None:
    ends_the_same(mortal, order, "node", Sample("Flow", "the box", "a note", effects=("took the box",), events=6))
    order.write_text("")
    notes = taken(mortal, "a note")
    for _ in range(2):
        assert mortal.ask("the box", "node-again", "Flow").answer() == "a note"
    assert effects(mortal, "node-again") == ("took the box",) * 2
    assert taken(mortal, "a note") == notes + 2


def taken(house: House, what: str) -> int:
    return [line["what"] for line in house.book("nested.jsonl")].count(f"took {what}")
