"""What came of steering a run, in words."""

import pytest

from operations.presentation.control import done_in_words
from operations.rules.control import CameTo, Unread, Verb
from restate_bridge.listed_run import RunState


@pytest.mark.parametrize(
    ("verb", "state", "words"),
    [
        (Verb.PAUSE, RunState.PAUSED, "The run is paused."),
        (Verb.PAUSE, RunState.RUNNING, "Restate has told the run. It heeds that at its next step."),
        (Verb.PAUSE, RunState.COMPLETED, "Restate has heard it. What the run is now: Completed."),
        (Verb.RESUME, RunState.WAITING, "The run goes on."),
        (Verb.RESUME, RunState.PAUSED, "Restate has heard it. What the run is now: Paused."),
        (Verb.RESUME, RunState.FAILED, "Restate has heard it. What the run is now: Failed."),
        (Verb.RESUME, Unread.UNKNOWN, "Restate has heard it. What came of it could not be read."),
        (Verb.RETRY, RunState.RETRYING, "The step is tried again."),
        (Verb.RETRY, RunState.PAUSED, "Restate has heard it. What the run is now: Paused."),
        (Verb.CANCEL, RunState.CANCELLED, "The run is cancelled."),
        (Verb.CANCEL, Unread.GONE, "Restate no longer keeps this run."),
        (Verb.KILL, RunState.KILLED, "The run is killed."),
        (Verb.KILL, RunState.RUNNING, "Restate has heard it. What the run is now: Running."),
        (Verb.RESTART, RunState.RUNNING, "A new run has begun."),
        (Verb.RESTART, RunState.COMPLETED, "A new run has begun."),
        (Verb.RESTART, RunState.FAILED, "A new run has begun. What it is now: Failed."),
        (Verb.RESTART, Unread.GONE, "Restate has begun a new run, and does not show it yet."),
        (Verb.PURGE, Unread.GONE, "Restate has forgotten the run."),
        (Verb.PURGE, Unread.UNKNOWN, "Restate has heard it. What came of it could not be read."),
        (Verb.PURGE, RunState.KILLED, "Restate has heard it. What the run is now: Killed."),
    ],
)
def test_what_is_said_is_what_was_read_back(verb: Verb, state: CameTo, words: str) -> None:
    assert done_in_words(verb, state) == words
