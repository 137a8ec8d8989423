"""What the world does in a batch comes to what it does alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import repeat

import pytest
from django.db import connection

from approvals.models import ApprovalRequest, Delivery
from restate_bridge.ids import awakeable_id
from tests.announcing import invocation_id
from tests.approvals.protocol.racing import PATIENCE, held
from tests.approvals.protocol.world import World

in_a_batch_or_alone = pytest.mark.parametrize("in_a_batch", [True, False], ids=["in a batch", "alone"])


@pytest.mark.django_db(transaction=True)
@in_a_batch_or_alone
def test_what_somebody_else_holds_is_waited_for(world: World, in_a_batch: bool) -> None:
    asked = world.announce()
    decision = world.approve(asked, "reviewer")
    world.in_a_batch = repeat(in_a_batch)

    def acknowledge() -> bool:
        try:
            return world.acknowledge(asked, str(decision.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with held(partial(Delivery.objects.select_for_update().get, request=asked.pk)):
            waiting = pool.submit(acknowledge)
            # Until a batch has given up.
            with pytest.raises(TimeoutError):
                waiting.result(2)
        assert waiting.result(PATIENCE)


@pytest.mark.django_db
@in_a_batch_or_alone
def test_what_nobody_announced_is_not_there(world: World, in_a_batch: bool) -> None:
    nobodys = replace(world.announce(), awakeable_id=awakeable_id(invocation_id()))
    world.in_a_batch = repeat(in_a_batch)
    with pytest.raises(ApprovalRequest.DoesNotExist):
        world.report(nobodys, "done")
