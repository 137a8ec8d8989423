"""How a turn ends badly."""

import restate
from restate.exceptions import RetryableError


def end_of(error: BaseException | None) -> restate.TerminalError | None:
    """Return what ends the run, or None when Restate tries it again.

    ADK wraps what a model call raises, cancellation and exhausted retries included. Restate looks through the causes
    in the same way.
    """
    while error is not None and not isinstance(error, (restate.TerminalError, RetryableError)):
        error = error.__cause__
    return error if isinstance(error, restate.TerminalError) else None
