"""A case: what one run and those that work for it ask people, and what each of them does."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404

from approvals.engine import admin_for_pages
from approvals.models import ApprovalRequest
from approvals.selectors.access import requests_visible_to
from restate_bridge.call_tree import AT_MOST, CalledRun, Calls, calls_of
from restate_bridge.errors import BridgeError
from restate_bridge.listed_run import ENDED, ListedRun, RunState
from restate_bridge.runs import find_listed, runs_called_by

logger = logging.getLogger(__name__)

#: How many requests of a case are shown.
MOST_REQUESTS: Final = 200
_LARGE: Final = ("arguments", "arguments_schema", "context", "reason")


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A run of a case. Its key is left out: it may name a person or a matter.

    Attributes:
        run: as the engine knows it; None when it does not, or is away.
        requests: what it asked people, oldest first, as far as the viewer may see it.
        for_others: how much else it asked.
        calls: the runs that it called.
    """

    id: str
    service: str
    run: ListedRun | None
    requests: Sequence[ApprovalRequest] = ()
    for_others: int = 0
    calls: Sequence["CaseRun"] = ()

    @property
    def awaited(self) -> list[str]:
        """The services that it waits for; empty when it waits for none."""
        if self.run is None or self.run.state not in (RunState.ASLEEP, RunState.RUNNING):
            return []
        return [one.service for one in self.calls if one.run and one.run.state not in ENDED]


@dataclass(frozen=True, slots=True)
class Case:
    """A case, for one person.

    Attributes:
        name: what it began with, such as ``Dispute/d-17``.
        runs: the one that it began with, and what asked in its name and is not known to have been called.
        waiting: how many of the requests that the viewer may see wait for a decision.
        are_all: whether everything is shown.
        engine_is_away: whether what only Restate can tell is missing.
    """

    id: str
    name: str
    runs: Sequence[CaseRun]
    waiting: int
    are_all: bool
    engine_is_away: bool


def get_case_for(user: User, run_id: str) -> Case:
    """Return a case of which ``user`` may see a request.

    Raises:
        Http404: there is none, or it is not for this person; the two look the same from outside.
    """
    of_case = Q(case_run=run_id) | Q(invocation_id=run_id)
    found = requests_visible_to(user).filter(of_case).select_related("delivery").defer(*_LARGE).order_by("pk")
    requests = list(found[:MOST_REQUESTS])
    if not requests:
        raise Http404
    others = ApprovalRequest.objects.filter(of_case).exclude(pk__in=[request.pk for request in requests])
    asked = _Asked(requests, others.values_list("invocation_id", flat=True)[:MOST_REQUESTS])
    root, calls, is_away = _ask_engine(run_id)
    runs = [asked.placed(CalledRun(root, calls.runs))] if root else []
    return Case(
        id=run_id,
        name=next((request.case_name for request in requests if request.case_name), requests[0].service),
        runs=[*runs, *asked.left()],
        waiting=sum(request.is_pending for request in requests),
        are_all=calls.are_all and len(requests) < MOST_REQUESTS,
        engine_is_away=is_away,
    )


def _ask_engine(run_id: str) -> tuple[ListedRun | None, Calls, bool]:
    """Return the run that the case began with and what it called, and whether the engine is away."""
    admin = admin_for_pages()
    try:
        root = find_listed(admin, run_id)
        if root is None:
            return None, Calls(), False
        return root, calls_of(run_id, lambda *callers: runs_called_by(admin, callers, at_most=AT_MOST)), False
    except BridgeError as error:
        logger.warning("case %s: its page does without Restate: %s", run_id, error)
        return None, Calls(), True


class _Asked:
    """What a case has asked people and was not put beside its run yet."""

    def __init__(self, requests: Iterable[ApprovalRequest], of_others: Iterable[str]) -> None:
        self._requests: dict[str, list[ApprovalRequest]] = defaultdict(list)
        for request in requests:
            self._requests[request.invocation_id].append(request)
        self._of_others = Counter(of_others)

    def placed(self, called: CalledRun) -> CaseRun:
        """Return a run with what it asked, and those that it called."""
        run = called.run
        requests, for_others = self._requests.pop(run.id, []), self._of_others.pop(run.id, 0)
        return CaseRun(run.id, run.service, run, requests, for_others, [self.placed(one) for one in called.calls])

    def left(self) -> list[CaseRun]:
        """Return the runs that the engine did not tell of, as far as the viewer may see what they asked."""
        return [
            CaseRun(run_id, requests[0].service, None, requests, self._of_others.pop(run_id, 0))
            for run_id, requests in self._requests.items()
        ]
