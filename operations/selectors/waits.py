"""The waits that nobody announced: a list of them, and one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from django.contrib.auth.models import User
from django.utils import timezone

from approvals.engine import admin_for_pages
from approvals.models import ApprovalRequest, WaitRule
from approvals.rules.found_wait import FoundWait, found_wait
from approvals.rules.lifecycle import Status
from approvals.selectors.access import requests_visible_to
from approvals.selectors.waits import found_among, found_request, unannounced_among, wait_rules
from operations.rules.waits import TO_SETTLE, Facts, Standing, standing_of
from operations.selectors.engine import shared
from restate_bridge.errors import BridgeError
from restate_bridge.ids import run_of, signal_index
from restate_bridge.listed_run import ListedRun, Place, RunState
from restate_bridge.model_calls import read_story
from restate_bridge.run_filters import RunFilter
from restate_bridge.runs import find_listed, list_runs
from restate_bridge.waits import Wait, open_waits, waits_of

#: How many waiting runs are looked at together. Most of them wait announced, so that a window may hold none to show.
WINDOW: Final = 300
#: How many windows the engine is asked for at once, at most.
_LONGEST: Final = 8
#: How long a page goes on looking, in seconds: it may show none and have a next one.
_SECONDS: Final = 1.0
# It looks again after so many times as long as it took, or the engine would do little else.
_BREATH: Final = 10.0
_WAITING: Final = RunFilter(states=(RunState.WAITING,))
#: How many a page shows at most.
PAGE_SIZE: Final = 50
#: How long a run has waited at least before an announcement that its journal tells of, and nobody knows, is lost.
LOST_AFTER: Final = timedelta(minutes=5)
_LARGE: Final = ("context", "arguments", "arguments_schema", "reason")


@dataclass(frozen=True, slots=True)
class WaitRow:
    """One wait of the list; ``request`` is the one by which reviewers were asked, None where nobody was."""

    wait: Wait
    request: ApprovalRequest | None = None


@dataclass(frozen=True, slots=True)
class WaitsPage:
    """One page of the list.

    Attributes:
        looked_at: how many waiting runs were looked at for it.
        after: behind which run the next page begins, None on the last one.
        away: why nothing could be read, empty when the engine answered.
    """

    rows: Sequence[WaitRow] = ()
    looked_at: int = 0
    rules: Sequence[WaitRule] = ()
    begins: Place | None = None
    after: Place | None = None
    away: str = ""


@dataclass(frozen=True, slots=True)
class _Search:
    """What was found so far.

    Attributes:
        looked_at: how many runs.
        after: the last of them; None before the first, and when there are no more.
    """

    found: Sequence[Wait] = ()
    looked_at: int = 0
    after: Place | None = None

    def going_on(self, runs: Sequence[ListedRun], found: Sequence[Wait]) -> "_Search":
        return _Search([*self.found, *found], self.looked_at + len(runs), runs[-1].place)

    def ended(self, *, is_last: bool) -> "_Search":
        """Return what a page shows of it; ``is_last`` when there are no more runs.

        A full page ends behind a run, with all that this one waits on.
        """
        ends = self.found[PAGE_SIZE - 1].run.place if len(self.found) >= PAGE_SIZE else None
        shown = [wait for number, wait in enumerate(self.found) if number < PAGE_SIZE or wait.run.place == ends]
        if is_last and len(shown) == len(self.found):
            return replace(self, after=None)
        return replace(self, found=shown, after=ends or self.after)


@dataclass(frozen=True, slots=True)
class WaitSeen:
    """One wait.

    Attributes:
        since: when the run was suspended on it; None when it is not.
        request: the one for it, whoever may see it; None for none.
        is_visible: whether the viewer may see that.
    """

    awakeable_id: str
    run: ListedRun
    standing: Standing
    since: datetime | None = None
    request: ApprovalRequest | None = None
    is_visible: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether nobody will ever be asked about it."""
        return self.standing is Standing.LOST

    @property
    def can_be_settled(self) -> bool:
        """Whether an operator can settle it now."""
        return self.standing in TO_SETTLE


def waits_page(*, after: Place | None = None) -> WaitsPage:
    """Return waits that nobody announced, those of the newest runs first; the engine being away is part of it."""
    rules = wait_rules()
    try:
        search = shared(_found, after, breath=_BREATH)
    except BridgeError as error:
        return WaitsPage(rules=rules, begins=after, away=str(error))
    asked = found_among({wait.id for wait in search.found})
    rows = [WaitRow(wait, asked.get(wait.id)) for wait in search.found]
    return WaitsPage(rows, search.looked_at, rules, begins=after, after=search.after)


def wait_seen(user: User, awakeable_id: str, *, now: datetime) -> WaitSeen | None:
    """Return a wait; None when the engine does not know its run.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    run = find_listed(admin_for_pages(), run_of(awakeable_id))
    if run is None:
        return None
    wait = Wait(run, signal_index(awakeable_id))
    request = ApprovalRequest.objects.filter(awakeable_id=awakeable_id).defer(*_LARGE).first()
    waits = wait.index in run.awakeables
    return WaitSeen(
        awakeable_id,
        run,
        standing_of(_facts(wait, request, now, waits=waits)),
        wait.since if waits else None,
        request,
        is_visible=request is not None and requests_visible_to(user).filter(pk=request.pk).exists(),
    )


def story_of(seen: WaitSeen) -> FoundWait:
    """Return what the run's journal tells of a wait: private, so whoever shows it records that.

    Where reviewers are asked it is what they were asked about, since that is what a decision is about.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if seen.standing is Standing.ASKED and (asked := found_request(seen.awakeable_id)):
        return asked
    wait = Wait(seen.run, signal_index(seen.awakeable_id))
    return found_wait(wait, read_story(admin_for_pages(), seen.run.id))


def _facts(wait: Wait, request: ApprovalRequest | None, now: datetime, *, waits: bool) -> Facts:
    admin = admin_for_pages()
    is_open = waits and bool(open_waits(admin, [wait]))
    return Facts(
        run=wait.run.state,
        status=Status(request.status) if request else None,
        is_found=request is not None and request.is_found,
        is_held=request is not None and request.held_at is not None,
        waits=waits,
        is_open=is_open,
        is_untold=is_open and bool(unannounced_among(admin, [wait], now=now, besides=[wait.id])),
        is_long=waits and now - wait.since >= LOST_AFTER,
    )


def _found(after: Place | None) -> _Search:
    """Look at waiting runs, window by window, until a page is full, the time is over, or there are no more."""
    until, at_most, search = time.monotonic() + _SECONDS, WINDOW, _Search(after=after)
    while True:
        runs = list_runs(admin_for_pages(), _WAITING, after=search.after, at_most=at_most + 1)
        for window in batched(runs[:at_most], WINDOW):
            search = search.going_on(window, _unannounced(window))
            if len(search.found) >= PAGE_SIZE or time.monotonic() >= until:
                return search.ended(is_last=search.after == runs[-1].place)
        if len(runs) <= at_most:
            return search.ended(is_last=True)
        # The engine reads all runs for each answer, so that fewer and longer ones cost it less.
        at_most = min(at_most * 2, WINDOW * _LONGEST)


def _unannounced(runs: Sequence[ListedRun]) -> list[Wait]:
    waits = waits_of(runs)
    asked = found_among({wait.id for wait in waits})
    return unannounced_among(admin_for_pages(), waits, now=timezone.now(), besides=asked)
