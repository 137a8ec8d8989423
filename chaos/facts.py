"""What is known after a storm: plain records of askers, reviewers, database, engine and ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an asker sent, and the ids of the runs that Restate's ingress answered with; one id, however often sent."""

    session: str
    amount: float
    runs: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """A decision that the web took: it redirected the reviewer to the request's page.

    Attributes:
        amount: what the reviewer changed the amount to; None when nothing was edited.
    """

    request_id: int
    reviewer: str
    outcome: str
    answer: str = ""
    amount: float | None = None


class Told(StrEnum):
    """What the web said to somebody who took a decision back."""

    TAKEN_BACK = "it was taken back"
    NOTHING_COUNTS = "nothing of theirs counts"
    ON_ITS_WAY = "it is on its way"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, kw_only=True)
class SecondThought:
    """Somebody took back what had been acknowledged to them; ``told`` is the last answer to that."""

    request_id: int
    reviewer: str
    told: Told


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A decision, or a second thought, that the web refused with an answer that no reviewer should get."""

    request_id: int
    reviewer: str
    status: int
    excerpt: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run as the engine has it.

    Attributes:
        answer: what the agent said at the end; empty while it runs, or when it failed.
        failure: how it failed; empty when it did not.
    """

    id: str
    session: str
    status: str
    answer: str = ""
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as the database has it; ``superseded_by`` is the request that the agent made instead, if any."""

    id: int
    run: str
    kind: str
    status: str
    arguments: Mapping[str, Any]
    announced_at: datetime
    settled_at: datetime | None = None
    superseded_by: int | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision as the database has it; ``by`` is empty when a deadline decided."""

    id: str
    request_id: int
    by: str
    outcome: str
    settles: bool
    taken_back: bool = False
    answer: str = ""
    arguments: Mapping[str, Any] | None = None

    @property
    def counts(self) -> bool:
        """Whether it may have an effect: it settles the request, and was not taken back."""
        return self.settles and not self.taken_back


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How far a decision has travelled; ``due`` when the courier has yet something to do."""

    request_id: int
    state: str
    due: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """A line of the record; ``decision`` is the id of the decision that it names, if any."""

    request_id: int
    code: str
    status_to: str = ""
    decision: str = ""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """An effect of the tool: a line of the claims ledger."""

    id: str
    run: str
    approved_by: str
    claim: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that should not be, in words, with the ids to look it up by."""

    kind: str
    what: str
    ids: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind}: {self.what} ({', '.join(f'{name} {value}' for name, value in self.ids.items())})"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that is counted."""

    asked: Sequence[Asked] = ()
    acknowledged: Sequence[Acknowledged] = ()
    second_thoughts: Sequence[SecondThought] = ()
    refused: Sequence[Refused] = ()
    runs: Sequence[Run] = ()
    requests: Sequence[Request] = ()
    decisions: Sequence[Decision] = ()
    deliveries: Sequence[Delivery] = ()
    events: Sequence[Event] = ()
    payments: Sequence[Payment] = ()

    @cached_property
    def requests_by_run(self) -> Mapping[str, list[Request]]:
        """The requests of each run, oldest first."""
        return grouped((request.run, request) for request in sorted(self.requests, key=lambda request: request.id))

    @cached_property
    def decisions_by_request(self) -> Mapping[int, list[Decision]]:
        """The decisions on each request, oldest first."""
        return grouped((decision.request_id, decision) for decision in self.decisions)

    @cached_property
    def deliveries_by_request(self) -> Mapping[int, list[Delivery]]:
        """The deliveries of each request."""
        return grouped((delivery.request_id, delivery) for delivery in self.deliveries)

    @cached_property
    def events_by_request(self) -> Mapping[int, list[Event]]:
        """The record of each request."""
        return grouped((event.request_id, event) for event in self.events)

    @cached_property
    def payments_by_run(self) -> Mapping[str, list[Payment]]:
        """What each run has paid."""
        return grouped((payment.run, payment) for payment in self.payments)

    @cached_property
    def amounts(self) -> Mapping[str, float]:
        """The amount that each run was asked for."""
        return {run: asked.amount for asked in self.asked for run in asked.runs}

    def settling(self, request: Request) -> Decision | None:
        """Return the decision that settled a request and stands."""
        return next((found for found in self.decisions_by_request[request.id] if found.counts), None)

    def standing(self, run: str) -> list[tuple[Request, Decision]]:
        """Return the requests of a run whose decision counts, oldest first: settled, and not asked again since."""
        current = [request for request in self.requests_by_run[run] if request.superseded_by is None]
        return [(request, found) for request in current if (found := self.settling(request)) is not None]


def grouped[K, V](pairs: Iterable[tuple[K, V]]) -> Mapping[K, list[V]]:
    """Return the values by key, in their order; a key that there is none for has an empty list."""
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
