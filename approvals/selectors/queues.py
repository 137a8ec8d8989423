"""The queues as sets of requests, each a union of short reads of an index.

In order, a union of one part for each of a person's groups, because PostgreSQL reads the beginning of one group's queue
from its index however long the queue is, and would have to sort the queues of several groups taken together.
"""

from collections.abc import Sequence
from typing import Final

from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.deadlines import CLAIM_COUNTS
from approvals.models import ApprovalRequest, Comment, Decision, RequestGroup, Snooze
from approvals.rules.lifecycle import Status
from approvals.rules.queue_query import Queue, QueueQuery
from approvals.selectors.access import VIEW_ALL, requests_visible_to
from approvals.selectors.decisions import membership_of
from approvals.selectors.narrowing import Asker, Part, narrowed
from restate_bridge.contract import Outcome

_AT_REQUEST: Final = "request__"


def groups_of(user: User) -> list[Group]:
    """Return the groups that ``user`` belongs to, by name."""
    return list(user.groups.order_by("name"))


def parts_of(asker: Asker, query: QueueQuery) -> list[Part]:
    """Return the requests of a list that is no search, in parts that may overlap, each without an order."""
    by_group = [_of_groups(asker, query.queue, [group]) for group in _groups_within(asker, query)]
    return _narrowed_parts([rows for rows in by_group if rows is not None], asker, query)


def unordered_parts_of(asker: Asker, query: QueueQuery) -> list[Part]:
    """Return the same in fewer parts, of which one may hold a request once for each of its groups."""
    groups = _groups_within(asker, query)
    rows = _of_groups(asker, query.queue, groups) if groups else None
    return _narrowed_parts([] if rows is None else [rows], asker, query)


def standing_approvals() -> QuerySet[Decision]:
    """Return the approvals that count: those after which nobody agreed to other arguments (see `rules.quorum`)."""
    approvals = Decision.objects.filter(outcome=Outcome.APPROVED, taken_back_at=None)
    later = approvals.filter(request=OuterRef("request"), decided_at__gt=OuterRef("decided_at"))
    return approvals.exclude(Exists(later.exclude(digest=OuterRef("digest"))))


def within_queue(asker: Asker, queue: Queue, *, path: str) -> Q:
    """Return a queue as a condition on rows that refer by ``path`` to requests that the asker may see."""
    pending, user = Q(**{f"{path}status": Status.PENDING}), asker.user
    match queue:
        case Queue.MINE:
            decidable = Q(membership_of(user, path=path)) & _decidable(asker, path)
            return pending & (decidable | _asked_now(asker, path))
        case Queue.TEAMS:
            return pending & Q(membership_of(user, path=path))
        case Queue.SNOOZED:
            return pending & Q(_snoozed(asker, path))
        case Queue.WAITING:
            return pending & Q(_approved(user, path), **{f"{path}quorum__gt": 1})
        case Queue.DECIDED:
            return ~pending
    return Q()


def _groups_within(asker: Asker, query: QueueQuery) -> list[Group]:
    return [group for group in asker.groups if query.group in ("", group.name)]


def _narrowed_parts(by_group: Sequence[QuerySet[RequestGroup]], asker: Asker, query: QueueQuery) -> list[Part]:
    parts = [Part(rows, _AT_REQUEST) for rows in by_group]
    parts += [Part(requests) for requests in _parts_besides(asker, query.queue)]
    return [narrowed(part, query, asker) for part in parts]


def _of_groups(asker: Asker, queue: Queue, groups: Sequence[Group]) -> QuerySet[RequestGroup] | None:
    """Return what a queue holds of some groups; None for a queue that goes by something else."""
    # One is compared, not looked for in a list: that keeps the order of the index.
    one = len(groups) == 1
    rows = RequestGroup.objects.filter(Q(group=groups[0]) if one else Q(group__in=groups))
    match queue:
        case Queue.MINE:
            return rows.filter(_decidable(asker, _AT_REQUEST), settled_at=None)
        case Queue.TEAMS:
            return rows.filter(settled_at=None)
        case Queue.DECIDED if not _sees_all(asker.user):
            return rows.filter(settled_at__isnull=False)
        case Queue.ALL if not _sees_all(asker.user):
            return rows
    return None


def _parts_besides(asker: Asker, queue: Queue) -> list[QuerySet[ApprovalRequest]]:
    """Return what a queue holds apart from the groups' parts: little, or in an order that has an index of its own."""
    user = asker.user
    if queue is Queue.TEAMS:
        return []
    if queue in (Queue.DECIDED, Queue.ALL):
        own = Q() if _sees_all(user) else Q(requester=user.username)
        settled = ~Q(status=Status.PENDING) if queue is Queue.DECIDED else Q()
        return [ApprovalRequest.objects.filter(own, settled)]
    condition = _asked_now(asker, "") if queue is Queue.MINE else within_queue(asker, queue, path="")
    # Who has left a group keeps neither what they put off there nor what they were asked.
    return [requests_visible_to(user).filter(condition, status=Status.PENDING)]


def _decidable(asker: Asker, path: str) -> Q:
    """What the asker may decide, has not put off, and nobody else takes care of at the moment."""
    user, lately = asker.user, {f"{path}claimed_at__gt": asker.now - CLAIM_COUNTS}
    claimed_by_another = Q(**lately) & ~Q(**{f"{path}claimed_by": user})
    own = Q(**{f"{path}requester": user.username})
    return ~own & ~claimed_by_another & ~Q(_approved(user, path)) & ~Q(_snoozed(asker, path))


def _asked_now(asker: Asker, path: str) -> Q:
    """What waits for the asker's answer in a thread, and they have not put off."""
    asked = Comment.objects.filter(request=OuterRef(f"{path}pk"), addressee=asker.user, answered_at=None)
    return Q(Exists(asked)) & ~Q(_snoozed(asker, path))


def _snoozed(asker: Asker, path: str) -> Exists:
    return Exists(Snooze.objects.filter(request=OuterRef(f"{path}pk"), user=asker.user, until__gt=asker.now))


def _approved(user: User, path: str) -> Exists:
    # None of these has settled the request, which waits: the index holds only those.
    return Exists(standing_approvals().filter(request=OuterRef(f"{path}pk"), reviewer=user, settles=False))


def _sees_all(user: User) -> bool:
    return user.has_perm(VIEW_ALL)
