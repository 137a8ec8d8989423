"""A crowd of runs that ask at the same moment: they share calls to the inbox, and each gets its own answer."""

from typing import Final

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House, Turn
from tests.agents.stand_in_inbox import wait_for

_MANY: Final = 30


def test_runs_that_ask_at_once_share_calls_and_each_carries_out_its_own_decision_once(house: House) -> None:
    house.inbox.batches.clear()
    house.inbox.held_back.add("announce")
    turns = [house.ask(f"Please reimburse {2_000 + number} EUR for a flight to Oslo") for number in range(_MANY)]
    try:
        wait_for(lambda: all(_announces(turn) for turn in turns), "all of them announce")
    finally:
        house.inbox.held_back.discard("announce")
    awakeables = [house.inbox.wait_for_request(turn.session)[0] for turn in turns]
    # The first few were on their way by themselves.
    assert sum(house.inbox.batches) >= _MANY - 4
    for awakeable_id in awakeables:
        house.decide(awakeable_id, Outcome.APPROVED)
    for number, (turn, awakeable_id) in enumerate(zip(turns, awakeables, strict=True)):
        assert f"{2_000 + number:,}" in turn.answer().replace(".00", "")
        assert [payment["claim"]["amount"] for payment in house.payments(turn.session)] == [2_000 + number]
        assert len(house.inbox.requests[awakeable_id].heard["report"]) == 1


def _announces(turn: Turn) -> bool:
    return any(step.startswith("announce") for step in turn.steps())
