"""Many do anything to few requests at the same time: nobody is stuck, and the protocol's promises hold."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from approvals.models import Decision
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.expire import expire_next_request
from approvals.services.reconciling import withdraw_ended
from approvals.services.take_back import take_back_decision
from restate_bridge.contract import Kind
from tests.approvals.protocol.findings import FINDINGS
from tests.approvals.protocol.racing import outcome_of, together
from tests.approvals.protocol.watching import REFUSALS, check_all
from tests.approvals.protocol.world import DAY, Asked, World

THREADS, STEPS = 6, 25


def people(world: World, asked: Asked, dice: random.Random) -> None:
    """One of the people decides, or has a second thought."""
    person = dice.choice(list(world.people))
    undo = dice.random() < 0.7
    yes = world.approve if asked.wanted.kind is Kind.APPROVAL else world.answer
    dice.choice(
        [
            partial(yes, asked, person, undo=undo),
            partial(world.reject, asked, person, undo=undo),
            partial(take_back_decision, request_id=asked.pk, reviewer=world.people[person]),
            partial(take_back_decision, request_id=asked.pk, reviewer=world.people[person]),
        ]
    )()


def courier(world: World, asked: Asked, dice: random.Random) -> None:
    """A courier carries out what is due, or takes up deliveries and finds out about them."""
    soon = timezone.now() + dice.choice([0, 0, 1]) * DAY / 100
    world.send(world.claim(soon))
    if world.parcels:
        found = FINDINGS[dice.choice(sorted(FINDINGS))]
        found(delivery_id=dice.choice(world.parcels).delivery_id, at=timezone.now())
    if dice.random() < 0.3:
        carry_out_next_escalation(now=timezone.now() + DAY)
    if dice.random() < 0.05:
        expire_next_request(now=timezone.now() + 3 * DAY)


def agent(world: World, asked: Asked, dice: random.Random) -> None:
    """An agent acknowledges whatever was decided, and reports."""
    known = [decision.signed_id for decision in Decision.objects.filter(request=asked.pk)]
    if known and world.acknowledge(asked, str(dice.choice(known))) and dice.random() < 0.5:
        world.report(asked, "done")


def run(world: World, asked: Asked, dice: random.Random) -> None:
    """A run announces again, asks anew, is restarted, or ends."""
    what: list[Callable[[], Any]] = [
        partial(world.put, asked.wanted, asked.awakeable_id),
        partial(world.ask_again, asked),
        partial(world.restart_behind_the_announcement, asked, frozenset(), answered=True),
        partial(world.withdraw, asked),
        partial(withdraw_ended, request_id=asked.pk, at=timezone.now(), reason="killed"),
    ]
    dice.choices(what, [6, 2, 2, 1, 1])[0]()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_at_once_no_promise_is_broken(world: World, seed: int) -> None:
    asked = [
        world.announce(kind, quorum)
        for kind, quorum in [(Kind.APPROVAL, 1), (Kind.APPROVAL, 2), (Kind.QUESTION, 1)] * 2
    ]

    def busy(number: int) -> list[Any]:
        dice = random.Random(f"{seed} {number}")
        steps = dice.choices([people, courier, agent, run], [6, 3, 3, 1], k=STEPS)
        return [outcome_of(partial(step, world, dice.choice(asked), dice)) for step in steps]

    outcomes = [outcome for each in together(*[partial(busy, number) for number in range(THREADS)]) for outcome in each]
    assert [outcome for outcome in outcomes if outcome is not None and not isinstance(outcome, REFUSALS)] == []
    assert outcomes.count(None) > len(outcomes) / 10
    check_all(world)
