"""Where a wait stands."""

from dataclasses import replace
from typing import Any

import pytest

from approvals.rules.lifecycle import Status
from operations.rules.waits import TO_SETTLE, Facts, Standing, standing_of
from restate_bridge.listed_run import ENDED, RunState

WAITS = Facts(
    RunState.WAITING,
    status=None,
    is_found=False,
    is_held=False,
    waits=True,
    is_open=True,
    is_untold=True,
    is_long=False,
)


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, Standing.OPEN),
        ({"is_untold": False}, Standing.ABOUT_TO_BE),
        ({"is_untold": False, "is_long": True}, Standing.LOST),
        ({"is_long": True}, Standing.OPEN),
        ({"is_untold": False, "is_long": True, "status": Status.PENDING}, Standing.ANNOUNCED),
        ({"is_untold": False, "is_long": True, "is_open": False}, Standing.ANSWERED),
        ({"is_open": False}, Standing.ANSWERED),
        ({"waits": False, "run": RunState.PAUSED}, Standing.PAUSED),
        ({"waits": False, "run": RunState.RUNNING}, Standing.RUNNING),
        ({"status": Status.PENDING}, Standing.ANNOUNCED),
        ({"status": Status.APPROVED}, Standing.ANNOUNCED),
        ({"status": Status.PENDING, "is_found": True, "is_untold": False}, Standing.ASKED),
        ({"status": Status.PENDING, "is_found": True, "is_open": False}, Standing.ANSWERED),
        ({"status": Status.PENDING, "is_found": True, "is_held": True}, Standing.HELD),
        ({"status": Status.REJECTED, "is_found": True}, Standing.SETTLED),
        ({"status": Status.WITHDRAWN, "is_found": True}, Standing.ANSWERED),
        ({"status": Status.WITHDRAWN, "is_found": True, "run": RunState.KILLED}, Standing.ENDED),
        *(({"waits": False, "run": state}, Standing.ENDED) for state in ENDED),
    ],
)
def test_it_follows_from_the_request_the_run_and_its_journal(facts: dict[str, Any], standing: Standing) -> None:
    assert standing_of(replace(WAITS, **facts)) is standing


def test_only_what_nobody_announced_and_nobody_settled_can_be_settled() -> None:
    assert {Standing.OPEN, Standing.ASKED} == TO_SETTLE
