"""How the state machine takes a step and judges it."""

from collections.abc import Iterable
from functools import partial
from itertools import cycle
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, multiple

from approvals.errors import ChangedMeanwhile
from approvals.models import Decision
from approvals.rules.lifecycle import Status
from tests.approvals.protocol.expectations import may_decide, may_go
from tests.approvals.protocol.racing import Call
from tests.approvals.protocol.records import Row, forget_everything
from tests.approvals.protocol.watching import Watch
from tests.approvals.protocol.world import Asked, World


class Steps(RuleBasedStateMachine):
    """One example, which begins with an empty inbox."""

    def __init__(self, world: World) -> None:
        super().__init__()
        forget_everything()
        world.told, world.parcels, world.answers = [], [], {}
        world.in_a_batch = cycle((False, True))
        self.world, self.watch = world, Watch(world)
        self.asked: dict[int, Asked] = {}

    def note_asked(self, call: Call) -> Any:
        """A run asks: return the request for the bundle, or nothing for it when the inbox refused."""
        outcome = self.watch.step(call)
        if not isinstance(outcome, Asked):
            return multiple()
        self.asked[outcome.pk] = outcome
        return outcome

    def one_waiting(self, number: int) -> Asked:
        """One of those that wait for a person, if any does."""
        requests = self.watch.now.requests
        waiting = [asked for pk, asked in self.asked.items() if requests[pk]["status"] == Status.PENDING]
        return self.recent(waiting or self.asked.values(), number)

    def decide(self, asked: Asked, person: str, call: Call) -> None:
        """A person decides, and may do so exactly when the records say so."""
        allowed = may_decide(self.watch.now, asked.pk, self.world.people[person])
        outcome = self.watch.step(call)
        assert isinstance(outcome, (Decision, ChangedMeanwhile)) == allowed, f"{person} may: {allowed}; {outcome!r}"

    def acknowledge(self, asked: Asked, decision: Row) -> None:
        """An agent asks about a decision, as it is signed; a no leaves at most a line in the record."""
        signed = decision["kept_from_id"] or decision["id"]
        stands = may_go(self.watch.now, asked.pk, signed)
        assert self.watch.step(partial(self.world.acknowledge, asked, str(signed))) == stands
        if not stands:
            self.watch.at_most_told("decision.refused")

    @staticmethod
    def recent[T](things: Iterable[T], number: int) -> T:
        """One of the things, the latest for 0."""
        held = list(things)
        return held[-1 - number % len(held)]
