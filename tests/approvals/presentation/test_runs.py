"""The state of a run in words."""

from datetime import UTC, datetime

import pytest

from approvals.presentation.runs import state_in_words
from restate_bridge.failures import Failing
from restate_bridge.introspection import Ending, Run

NOW = datetime(2026, 4, 24, 12, 0, tzinfo=UTC)


def run(status: str, ending: Ending | None = None) -> Run:
    return Run("inv_1", "Claims/k/ask", "Claims", "k", "ask", status, NOW, NOW, "dp_1", 1, "", ending)


@pytest.mark.parametrize(
    ("seen", "failing", "words"),
    [
        (run("suspended"), None, "suspended"),
        (run("backing-off"), Failing(7, "no model"), "failing, attempt 7"),
        (run("ready"), Failing(None, "no model"), "failing"),
        (run("completed", Ending.KILLED), None, "killed"),
    ],
    ids=["suspended", "failing", "failing and ready", "killed"],
)
def test_a_run_that_keeps_failing_never_reads_as_healthy(seen: Run, failing: Failing | None, words: str) -> None:
    assert state_in_words(seen, failing) == words
