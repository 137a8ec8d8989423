"""One run as its page shows it: nothing in it that the run holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.models import User

from approvals.engine import admin_for_pages
from approvals.models import ApprovalRequest
from approvals.selectors.access import requests_visible_to
from operations.selectors.relatives import Relatives, relatives_of
from operations.selectors.runs import RunRow, known_deployments, rows_of
from restate_bridge.attempts import FailedAttempt, failed_attempts
from restate_bridge.errors import BridgeError
from restate_bridge.events import Suspension, suspensions
from restate_bridge.journal import JournalSize, JournalStretch, begin_of_last, journal_size, read_stretch
from restate_bridge.listed_run import ListedRun
from restate_bridge.runs import find_listed

#: So many steps of a journal are read at once.
STRETCH: Final = 100
_ATTEMPTS: Final = 30
_SUSPENSIONS: Final = 500
_REQUESTS: Final = 50
_LARGE: Final = ("context", "arguments", "arguments_schema", "reason", "delivery__result")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which steps of a journal are asked for: the latest, unless an entry is named.

    Attributes:
        begin: those from this entry on.
        before: those in front of this entry.
    """

    begin: int | None = None
    before: int | None = None
    at_most: int = STRETCH

    @property
    def is_latest(self) -> bool:
        """Whether they are the latest, whatever the journal grows to."""
        return self.begin is None and self.before is None


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run, with what stands around it.

    Attributes:
        row: the run as the list has it; None when the engine does not know it, or is away.
        begin: the entry that the stretch of its journal begins with.
        follows: whether it is the latest stretch, whatever the journal grows to.
        waits: how it was suspended first for each of its awakeables, by their indexes.
        attempts: the latest that failed, newest first.
        requests: those that it made, as far as the viewer may see them.
        away: why nothing could be read, empty when the engine answered.
    """

    id: str
    row: RunRow | None = None
    begin: int = 0
    follows: bool = True
    size: JournalSize = field(default_factory=lambda: JournalSize(0, 0))
    stretch: JournalStretch = field(default_factory=JournalStretch)
    waits: Mapping[int, Suspension] = field(default_factory=dict)
    attempts: Sequence[FailedAttempt] = ()
    relatives: Relatives = field(default_factory=Relatives)
    requests: Sequence[ApprovalRequest] = ()
    away: str = ""

    @property
    def here(self) -> str:
        """The part of an address that names the stretch: ``?from=100``, empty for the latest."""
        return "" if self.follows else f"?from={self.begin}"

    @property
    def is_whole(self) -> bool:
        """Whether all steps are on the page."""
        return not self.begin and self.stretch.after is None

    @property
    def run(self) -> ListedRun | None:
        """The run itself."""
        return self.row.run if self.row else None


def run_page_for(user: User, invocation_id: str, wanted: Wanted) -> RunPage:
    """Return a run and a stretch of its journal; the engine being away is part of the answer."""
    requests = _requests(user, invocation_id)
    try:
        run = find_listed(admin_for_pages(), invocation_id)
        if run is None:
            return RunPage(invocation_id, requests=requests)
        (row,) = rows_of(user, [run], known_deployments())
        return _read(row, wanted, requests)
    except BridgeError as error:
        return RunPage(invocation_id, requests=requests, away=str(error))


def _read(row: RunRow, wanted: Wanted, requests: Sequence[ApprovalRequest]) -> RunPage:
    admin, known = admin_for_pages(), row.run.id
    size = journal_size(admin, known)
    begin = _begin(known, wanted, size)
    stretch = read_stretch(admin, known, begin=begin, at_most=wanted.at_most)
    # What a signal completes was waited for in front of it.
    waits = suspensions(admin, known, begin=max(0, begin - 1), until=stretch.after, at_most=_SUSPENSIONS)
    return RunPage(
        known,
        row,
        begin,
        wanted.is_latest,
        size,
        stretch,
        waits=waits,
        attempts=failed_attempts(admin, known, at_most=_ATTEMPTS),
        relatives=relatives_of(row.run, has_called=size.calls > 0),
        requests=requests,
    )


def _begin(invocation_id: str, wanted: Wanted, size: JournalSize) -> int:
    if wanted.begin is not None:
        return wanted.begin
    if wanted.before is None and size.steps <= wanted.at_most:
        return 0
    return begin_of_last(admin_for_pages(), invocation_id, at_most=wanted.at_most, before=wanted.before)


def _requests(user: User, invocation_id: str) -> list[ApprovalRequest]:
    made = requests_visible_to(user).filter(invocation_id=invocation_id).order_by("announced_at")
    whole = made.select_related("delivery__decision").defer(*_LARGE).prefetch_related("groups")
    return list(whole[:_REQUESTS])
