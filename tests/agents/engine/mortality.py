"""What is common to the agents that die: a conversation, how it is played to its end, and what it had as effects."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from restate_bridge.contract import ANSWER, Outcome
from tests.agents.engine.house import House
from tests.agents.stand_in_inbox import wait_for

#: The module that serves them.
MORTAL = "tests.agents.engine.mortal_agents"
_REFERENCE = re.compile(r"\b[FHC][0-9A-F]{7}\b")


@dataclass(frozen=True)
class Said:
    """How a person decides.

    Attributes:
        more: what a decision holds besides, such as an ``answer``.
        edits: arguments that are changed.
    """

    outcome: Outcome
    more: Mapping[str, Any] = field(default_factory=dict)
    edits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """One conversation with a sample.

    Attributes:
        service: its name.
        message: what is said to it.
        answer: how its answer begins.
        decisions: how each tool's requests are decided, or those of one title.
        effects: what it has done, as `effects` tells it.
        filled: what its forms are filled in with.
        requests: how many its case makes; None for one a decision.
        events: the fewest events that its journals have.
    """

    service: str
    message: str
    answer: str
    decisions: Mapping[str, Outcome | Said] = field(default_factory=dict)
    effects: tuple[str, ...] = ()
    filled: Mapping[str, Any] = field(default_factory=dict)
    requests: int | None = None
    events: int = 10


def effects(house: House, session: str) -> tuple[str, ...]:
    """What was paid, booked and done in a session; in order, but for what agents do at the same time."""
    kinds: dict[str, str] = {}
    booked = []
    for line in _of_session(house, "travel-agency.jsonl", session):
        what = kinds.setdefault(line["key"], line.get("what", ""))
        booked.append(f"{line['state']} {what}".strip())
    settled = sorted(line["what"] for line in _of_session(house, "dispute-desk.jsonl", session))
    paid = sorted(
        f"{line['what']} {line.get('number', '')}".strip() for line in _of_session(house, "payables.jsonl", session)
    )
    handed_on = [line["what"] for line in _of_session(house, "nested.jsonl", session)]
    return ("paid",) * len(house.payments(session)) + (*booked, *settled, *paid, *handed_on)


def _of_session(house: House, book: str, session: str) -> list[dict[str, str]]:
    # A specialist's session is named after the one that it works for.
    return [line for line in house.book(book) if line["key"].startswith((f"{session}/", f"{session}."))]


def played(house: House, sample: Sample, session: str) -> str:
    """Play it to the end, decide what its case asks for, and return the answer."""
    turn = house.ask(sample.message, session, sample.service)
    decided: dict[str, str] = {}

    def is_over() -> bool:
        for awakeable_id, held in house.inbox.of_case(turn.invocation_id):
            if awakeable_id not in decided:
                asked = held.announcement
                decided[awakeable_id] = asked.title if asked.title in sample.decisions else asked.tool
                said = sample.decisions[decided[awakeable_id]]
                said = said if isinstance(said, Said) else Said(said)
                changed = {**({ANSWER: sample.filled} if sample.filled else {}), **said.edits}
                arguments = {"arguments": _changed(asked.arguments, changed)} if changed else {}
                house.decide(awakeable_id, said.outcome, **arguments, **said.more)
        return bool(turn.status()["status"] == "completed")

    wait_for(is_over, f"{session} ends", seconds=30)
    assert {*decided.values()} == {*sample.decisions}
    assert len(decided) == (len(sample.decisions) if sample.requests is None else sample.requests)
    return _REFERENCE.sub("R", turn.answer())


def _changed(arguments: Mapping[str, Any], edits: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments with edits, in which those of an object are changed one by one."""
    return {
        **arguments,
        **{
            name: {**arguments[name], **value} if isinstance(arguments.get(name), dict) else value
            for name, value in edits.items()
        },
    }


def ends_the_same(house: House, order: Path, name: str, sample: Sample) -> None:
    """Play a sample undisturbed, then with a death before each event of its journals in turn; all end the same."""
    number = 0
    undisturbed = played(house, sample, f"{name}-undisturbed".replace(" ", "-"))
    assert undisturbed.startswith(sample.answer)
    while True:
        number += 1
        session = f"{name}-{number}".replace(" ", "-")
        order.write_text(str(number))
        assert played(house, sample, session) == undisturbed, f"killed before event {number}"
        assert effects(house, session) == sample.effects, f"killed before event {number}"
        if order.exists():
            break  # It lived: the journal has no more events.
    order.unlink()
    assert number > sample.events
