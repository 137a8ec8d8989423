"""The operators' record, as it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from operations.models import OperatorEvent
from operations.rules.record_query import RecordQuery
from restate_bridge.ids import is_invocation_id

PAGE_SIZE: Final = 50
_BEHIND: Final = Q(code__endswith=".answered") | Q(code__endswith=".unheard") | Q(code__endswith=".read")
_MOST_CHOICES: Final = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that an operator did.

    Attributes:
        asked: the line that was written before it, or when somebody looked.
        outcome: the line behind it; None when nobody could write one, and of a look.
        state: what the run was read back as, where it was.
    """

    asked: OperatorEvent
    outcome: OperatorEvent | None = None
    state: str = ""

    @property
    def what(self) -> str:
        """What was done, such as ``run.kill``."""
        return self.asked.code.rpartition(".")[0]

    @property
    def is_look(self) -> bool:
        """Whether somebody looked at something private, and no more."""
        return self.asked.code.endswith(".looked")


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of the record, latest first.

    Attributes:
        begins: the line that it begins behind; None for the first page.
        after: the line that the next page begins behind; None on the last one.
        people: who has done anything.
        deeds: what was done at all.
    """

    query: RecordQuery
    entries: Sequence[Entry]
    begins: int | None = None
    after: int | None = None
    people: Sequence[str] = ()
    deeds: Sequence[str] = ()


def record_page(query: RecordQuery, *, after: int | None = None) -> RecordPage:
    """Return one page of what operators did."""
    found = list(_asked(query, after)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return RecordPage(
        query,
        entries=_entries(shown),
        begins=after,
        after=shown[-1].pk if len(found) > PAGE_SIZE else None,
        people=sorted(OperatorEvent.objects.order_by().values_list("actor", flat=True).distinct()[:_MOST_CHOICES]),
        deeds=_deeds(),
    )


def entries_of_run(invocation_id: str) -> list[Entry]:
    """Return what operators did to a run, oldest first."""
    asked = OperatorEvent.objects.filter(invocation_id=invocation_id).exclude(_BEHIND)
    return _entries(list(asked.order_by("-pk")[:PAGE_SIZE]))[::-1]


def _asked(query: RecordQuery, after: int | None) -> QuerySet[OperatorEvent]:
    asked = OperatorEvent.objects.exclude(_BEHIND).order_by("-pk")
    if after is not None:
        asked = asked.filter(pk__lt=after)
    if query.who:
        asked = asked.filter(actor=query.who)
    if query.what:
        asked = asked.filter(code__in=[f"{query.what}.asked", f"{query.what}.looked"])
    if is_invocation_id(query.q):
        return asked.filter(invocation_id=query.q)
    return asked.filter(Q(subject__icontains=query.q) | Q(reason__icontains=query.q)) if query.q else asked


def _entries(asked: Sequence[OperatorEvent]) -> list[Entry]:
    behind = list(OperatorEvent.objects.filter(_BEHIND, action__in=[line.action for line in asked]))
    states = {line.action: line.data["state"] for line in behind if line.code.endswith(".read")}
    outcomes = {line.action: line for line in behind if not line.code.endswith(".read")}
    return [Entry(line, outcomes.get(line.action), states.get(line.action, "")) for line in asked]


def _deeds() -> list[str]:
    begun = OperatorEvent.objects.exclude(_BEHIND).order_by().values_list("code", flat=True)
    return sorted({code.rpartition(".")[0] for code in begun.distinct()[:_MOST_CHOICES]})
