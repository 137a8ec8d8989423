"""The state of a run in words."""

from restate_bridge.failures import Failing
from restate_bridge.introspection import Run


def state_in_words(run: Run, failing: Failing | None) -> str:
    """Return the engine's word for a run's state; how it has ended, and that it keeps failing if it does."""
    if failing is not None:
        return f"failing, attempt {failing.attempt}" if failing.attempt else "failing"
    return run.ending or run.status
