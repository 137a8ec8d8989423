"""Who is there for a request: to be asked, and to approve it too."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Window

from approvals.models import ApprovalRequest, Comment, RequestGroup
from approvals.people import display_name

#: How many of those who still can approve are named.
NAMED: Final = 12
#: How many people the thread offers to ask.
OFFERED: Final = 100
_NAMES: Final = ("username", "first_name", "last_name")


@dataclass(frozen=True, slots=True)
class StillAble:
    """Who can still approve.

    Attributes:
        named: the first of them, in the order of their names.
        more: how many there are besides.
    """

    named: Sequence[User]
    more: int


def comments_of(request: ApprovalRequest) -> list[Comment]:
    """Return the request's thread, oldest first, with who wrote to whom."""
    return list(request.comments.select_related("author", "addressee"))


def still_able(request: ApprovalRequest, approved: Collection[str]) -> StillAble:
    """Return who can approve besides those that have (usernames): members, and never the requester."""
    others = _active().filter(_is_member(request)).exclude(username__in=[*approved, request.requester])
    found = list(others.annotate(number=Window(Count("pk")))[:NAMED])
    # The window counts all of them, not only those that are named.
    return StillAble(named=found, more=found[0].number - len(found) if found else 0)


def people_to_ask(user: User, request: ApprovalRequest) -> list[User]:
    """Return whom ``user`` can ask about a request: the person behind the run first, then who decides it."""
    behind = Q(username=request.requester)
    asked = _active().filter(behind | _is_member(request)).exclude(pk=user.pk)
    first = ExpressionWrapper(behind, BooleanField())
    return list(asked.annotate(is_behind=first).order_by("-is_behind", "first_name", "last_name", "username")[:OFFERED])


def names_of(usernames: Collection[str]) -> Mapping[str, str]:
    """Return what people are called, by their usernames; those that are no users are missing."""
    return {user.username: display_name(user) for user in User.objects.filter(username__in=usernames).only(*_NAMES)}


def _active() -> QuerySet[User]:
    return User.objects.filter(is_active=True).only(*_NAMES).order_by("first_name", "last_name", "username")


def _is_member(request: ApprovalRequest) -> Exists:
    return Exists(RequestGroup.objects.filter(request=request.pk, group__user=OuterRef("pk")))
