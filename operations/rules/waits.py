"""Where a wait stands, and so whether an operator can settle it."""

from dataclasses import dataclass
from enum import StrEnum

from approvals.rules.lifecycle import Status
from restate_bridge.listed_run import ENDED, RunState


class Standing(StrEnum):
    """Where a wait stands."""

    OPEN = "open"  # nobody announced it, nobody was asked
    ASKED = "asked"  # nobody announced it, and a rule had reviewers asked
    HELD = "held"  # an operator keeps everybody from deciding
    SETTLED = "settled"  # nobody announced it, and somebody has settled it
    ANNOUNCED = "announced"  # by an agent, so that only a signed decision reaches it
    ABOUT_TO_BE = "about-to-be"  # announced, as the run's journal says, or too young to tell
    LOST = "lost"  # announced, as the run's journal says, but no request of it came, or is there any more
    ANSWERED = "answered"  # by something else
    PAUSED = "paused"
    RUNNING = "running"  # what the run waits on, Restate tells of a suspended run alone
    ENDED = "ended"


#: In these an operator can settle it.
TO_SETTLE = frozenset({Standing.OPEN, Standing.ASKED})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a wait.

    Attributes:
        status: of the request for it, None for none.
        is_found: whether that request was found rather than announced.
        is_held: whether an operator keeps everybody from deciding that request.
        waits: whether the run is suspended on it.
        is_open: whether nothing has answered it.
        is_untold: whether neither the run's journal nor its age speaks for an announcement.
        is_long: whether it waits for so long that an announcement would have come.
    """

    run: RunState
    status: Status | None
    is_found: bool
    is_held: bool
    waits: bool
    is_open: bool
    is_untold: bool
    is_long: bool


def standing_of(facts: Facts) -> Standing:
    """Return where a wait stands."""
    if facts.status is not None and not facts.is_found:
        return Standing.ANNOUNCED
    if facts.status not in (None, Status.PENDING, Status.WITHDRAWN):
        return Standing.SETTLED
    if facts.run in ENDED:
        return Standing.ENDED
    if facts.status is Status.WITHDRAWN:
        return Standing.ANSWERED
    if not facts.waits:
        return Standing.PAUSED if facts.run is RunState.PAUSED else Standing.RUNNING
    return _of_one_that_goes_on(facts) if facts.is_open else Standing.ANSWERED


def _of_one_that_goes_on(facts: Facts) -> Standing:
    if facts.status is Status.PENDING:
        return Standing.HELD if facts.is_held else Standing.ASKED
    if facts.is_untold:
        return Standing.OPEN
    return Standing.LOST if facts.is_long else Standing.ABOUT_TO_BE
