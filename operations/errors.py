"""What the console's verbs raise.

ConsoleError
├── NotAllowed       this person may not do this                                  403
├── NoSuchRun        the engine does not know the run                             404
├── NotPossible      the run is in a state in which this can't be done            409
├── NotToSettle      nobody can settle this wait, or somebody has done so        409
├── Refused          the engine refused it, in its own words                     409
├── ChangedMeanwhile what was shown is something else by now                     409
├── TooLarge         it is more than can be changed from here                     409
├── InvalidInput     a reason or a confirmation is missing                        422
├── NoSuchDeployment the engine does not know the deployment                      404
├── StillNeeded      runs depend on the deployment                                409
├── Unseen           it would do something else by now than what was shown        409
├── RestartedBefore  the run was restarted since it was shown                     409
└── Unheard          the engine gave no answer; it may have heard all the same    503
    └── OutOfReach   it could not even be asked how things stand; nothing was done
"""

from collections.abc import Sequence

from approvals.models import ApprovalRequest
from operations.rules import draining, waits
from operations.rules.control import Obstacle
from restate_bridge.listed_run import ListedRun


class ConsoleError(Exception):
    """A verb was not carried out; `Unheard` alone leaves it open."""


class NotAllowed(ConsoleError):
    """This person may not do this."""


class NoSuchRun(ConsoleError):
    """The engine does not know the run."""


class NotPossible(ConsoleError):
    """The run is in a state in which this can't be done."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


class NotToSettle(ConsoleError):
    """A wait can't be settled as it stands; ``request`` is the one by which somebody was first, where one was."""

    def __init__(self, standing: waits.Standing, request: ApprovalRequest | None = None) -> None:
        super().__init__(standing.value)
        self.standing, self.request = standing, request


class Refused(ConsoleError):
    """The engine refused it, in its own words."""


class ChangedMeanwhile(ConsoleError):
    """What was shown is something else by now."""


class TooLarge(ConsoleError):
    """It is more than can be changed from here."""


class InvalidInput(ConsoleError):
    """Something is missing; ``field`` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Unheard(ConsoleError):
    """The engine gave no answer; it may have heard all the same."""


class OutOfReach(Unheard):
    """The engine could not be asked how things stand, so nothing was done."""


class RestartedBefore(ConsoleError):
    """The run was restarted since it was shown; ``restarts`` are all that there are, oldest first."""

    def __init__(self, restarts: Sequence[ListedRun]) -> None:
        super().__init__(restarts[-1].id)
        self.restarts = restarts


class NoSuchDeployment(ConsoleError):
    """The engine does not know the deployment."""


class StillNeeded(ConsoleError):
    """Runs depend on the deployment: on how it stands now."""

    def __init__(self, standing: draining.Standing) -> None:
        super().__init__(standing.deployment.id)
        self.standing = standing


class Unseen(ConsoleError):
    """It would do something else by now than what was shown."""
