"""What the inbox's verbs raise.

ApprovalError
├── NotAuthorised           this person may not decide this request                        403
├── AlreadySettled          somebody, or a deadline, was first                             409
├── AnnouncedMeanwhile      an agent has announced what nobody had announced before        409
├── ChangedMeanwhile        the arguments on the page are not the ones to decide on now    409
├── ChangedSince            others did something that the page did not show                409
├── NothingToTakeBack       this person has decided nothing here that counts               403
├── OnItsWay                the courier has taken the decision up                          409
├── ContentConflict         the same awakeable id was announced with other content         409
├── NothingToAcknowledge    no decision, or another one, stands for this request           409
├── NotRestarted            the engine knows of no restart that made this run              409
├── UnknownGroup            a group that an agent names does not exist                     422
└── InvalidInput            an answer, edit or note that does not fit                      422
"""

from collections.abc import Sequence

from approvals.models import ApprovalRequest, AuditEvent
from approvals.rules.eligibility import Obstacle


class ApprovalError(Exception):
    """A verb could not be carried out; nothing was changed."""


class NotAuthorised(ApprovalError):
    """This person may not decide this request."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


class AlreadySettled(ApprovalError):
    """Somebody, or a deadline, was first. ``request`` carries who and what."""

    def __init__(self, request: ApprovalRequest) -> None:
        super().__init__(f"request #{request.pk} is already {request.status}")
        self.request = request


class AnnouncedMeanwhile(ApprovalError):
    """An agent has announced what nobody had announced before: only a signed decision reaches it now."""

    def __init__(self, request: ApprovalRequest) -> None:
        super().__init__(f"request #{request.pk} was announced meanwhile")
        self.request = request


class ChangedMeanwhile(ApprovalError):
    """The arguments on the page are not the ones to decide on now."""


class ChangedSince(ApprovalError):
    """Others did something since the page was made. ``changes`` are the lines of the record, oldest first."""

    def __init__(self, changes: Sequence[AuditEvent]) -> None:
        super().__init__(", ".join(change.code for change in changes))
        self.changes = changes


class NothingToTakeBack(ApprovalError):
    """This person has decided nothing on this request that counts: there is nothing of theirs to take back."""


class OnItsWay(ApprovalError):
    """The courier has taken the decision up, or a restarted run holds it: it can't be taken back any more."""


class ContentConflict(ApprovalError):
    """The same awakeable id was announced before, with other content or by another agent service."""


class NothingToAcknowledge(ApprovalError):
    """No decision, or another one, stands for this request."""


class NotRestarted(ApprovalError):
    """The engine knows of no restart that made this run."""


class UnknownGroup(ApprovalError):
    """A group that an agent names does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no group called {name!r}")
        self.name = name


class InvalidInput(ApprovalError):
    """An answer, edit or note that does not fit.

    Attributes:
        field: its name, or an argument's dotted path.
        wording: what does not fit, with ``{}`` for each of the values; a page translates it.
        values: what stands in the wording's gaps.
    """

    def __init__(self, field: str, wording: str, *values: object) -> None:
        super().__init__(wording.format(*values) if values else wording)
        self.field, self.wording, self.values = field, wording, values
