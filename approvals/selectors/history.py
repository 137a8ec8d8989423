"""What was decided before on the same tool, and on nearly the same arguments."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from django.contrib.auth.models import User
from django.db.models import Case, F, Func, IntegerField, Prefetch, Value, When

from approvals.models import ApprovalRequest, Decision
from approvals.models.verbatim import VerbatimJSONField
from approvals.rules.editing import Arguments
from approvals.rules.likeness import NEARLY, Likeness, likeness_of
from approvals.selectors.access import requests_visible_to
from approvals.selectors.related import MOST_SETTLED, Related

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

#: The time that the summary counts.
LOOKING_BACK: Final = timedelta(days=90)
# How many are compared with the request, how many of each sort are shown, and how large arguments may be, as stored.
_COMPARED: Final = 20
_SHOWN: Final = 4
_LARGEST: Final = 16_384
_NOT_SHOWN: Final = (
    "arguments",
    "arguments_schema",
    "context",
    "reason",
    "question",
    "choices",
    "editable",
    "reject_reasons",
)


class _Added(TypedDict):
    compared: Arguments | None
    settling: list[Decision]


type _Read = WithAnnotations[ApprovalRequest, _Added]


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier decision.

    Attributes:
        decision: the one that settled the request.
        likeness: how alike the arguments are, None when they are not, or too large to compare.
    """

    request: ApprovalRequest
    decision: Decision | None
    likeness: Likeness | None = None

    @property
    def is_the_same(self) -> bool:
        """Whether the arguments were the very same."""
        return self.likeness is not None and not self.likeness.differences


@dataclass(frozen=True, slots=True)
class History:
    """What was decided before.

    Attributes:
        alike: on the same or nearly the same arguments, the most alike first.
        latest: on the same tool otherwise, the latest first.
        counts: how many had which outcome lately, the most frequent first.
        counted: how many requests that is when it is not all of the time that it looks back; else None.
    """

    alike: Sequence[Earlier] = ()
    latest: Sequence[Earlier] = ()
    counts: dict[str, int] = field(default_factory=dict)
    counted: int | None = None

    def __bool__(self) -> bool:
        """Tell whether anything was decided before."""
        return bool(self.alike or self.latest)


def history_of(user: User, request: ApprovalRequest, related: Sequence[Related], now: datetime) -> History:
    """Return the decisions before a request's own, as far as ``user`` may see them; two queries, none without any.

    Args:
        related: see `related_to`.
    """
    until = request.settled_at or now
    before = [one for one in related if one.visible and _was_decided_before(one, request, until)]
    before.sort(key=_settled, reverse=True)
    latest = before[:_COMPARED]
    same = [one for one in before[_COMPARED:] if one.digest == request.digest][:_SHOWN]
    earlier = _with_likeness(request, _read(user, [one.pk for one in (*latest, *same)]))
    alike = sorted((one for one in earlier if one.likeness), key=_share, reverse=True)[:_SHOWN]
    others = [one for one in earlier if one not in alike][:_SHOWN]
    since, is_all = _looked_through(request, related, until)
    counts = Counter(one.status for one in before if _settled(one) >= since)
    return History(alike, others, dict(counts.most_common()), None if is_all else counts.total())


def _looked_through(request: ApprovalRequest, related: Sequence[Related], until: datetime) -> tuple[datetime, bool]:
    """Return since when every settled request of the tool was read, and whether that is all that is looked back at."""
    settled = [one.settled_at for one in related if one.tool == request.tool and one.settled_at]
    latest = sorted((at for at in settled if at < until), reverse=True)[:MOST_SETTLED]
    since = until - LOOKING_BACK
    if len(latest) == MOST_SETTLED and latest[-1] > since:
        return latest[-1], False
    return since, True


def _was_decided_before(one: Related, request: ApprovalRequest, until: datetime) -> bool:
    return one.is_decided and one.agent == request.agent and one.tool == request.tool and _settled(one) < until


def _settled(one: Related) -> datetime:
    assert one.settled_at is not None
    return one.settled_at


def _share(one: Earlier) -> float:
    return one.likeness.share if one.likeness else 0.0


def _read(user: User, ids: Sequence[int]) -> list[_Read]:
    """Return the requests by their ids, the latest first, with their settling decision and no large columns.

    Their arguments stand in `compared`; None where they are too large.
    """
    if not ids:
        return []
    stored: Func = Func(F("arguments"), function="pg_column_size", output_field=IntegerField())
    compared = Case(
        When(size__lte=_LARGEST, then=F("arguments")), default=Value(None), output_field=VerbatimJSONField()
    )
    settling = Decision.objects.filter(settles=True).defer("arguments").select_related("reviewer", "kept_from")
    return list(
        requests_visible_to(user)
        .filter(pk__in=ids)
        .annotate(size=stored, compared=compared)
        .defer(*_NOT_SHOWN)
        .prefetch_related(Prefetch("decisions", settling, to_attr="settling"))
        .order_by("-settled_at")
    )


def _with_likeness(request: ApprovalRequest, earlier: Sequence[_Read]) -> list[Earlier]:
    return [Earlier(one, next(iter(one.settling), None), _likeness(one, request)) for one in earlier]


def _likeness(one: _Read, request: ApprovalRequest) -> Likeness | None:
    """Return how alike they are if that is much."""
    if one.digest == request.digest:
        return Likeness(1.0)
    likeness = None if one.compared is None else likeness_of(one.compared, request.arguments)
    return likeness if likeness and likeness.share >= NEARLY else None
