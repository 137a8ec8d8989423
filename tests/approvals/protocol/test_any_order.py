"""Whatever happens to requests, in whatever order, the protocol's promises hold."""

from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.approvals.protocol.machine import Protocol
from tests.approvals.protocol.world import World

LIMITS = settings(
    max_examples=50,
    stateful_step_count=40,
    deadline=None,
    # Without the phase that explains: each step is paid for at the database.
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.django_db(transaction=True)
def test_no_order_of_steps_breaks_a_promise(world: World) -> None:
    run_state_machine_as_test(partial(Protocol, world), settings=LIMITS)  # type: ignore[arg-type]  # makes one a time
