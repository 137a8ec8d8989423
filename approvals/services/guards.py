"""What stands between a person and a verb: the locked request, who may decide it, and what changed under them."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import User

from approvals.errors import AlreadySettled, ChangedSince, InvalidInput, NotAuthorised
from approvals.models import ApprovalRequest, Decision
from approvals.rules.news import MATTERS
from approvals.selectors.access import requests_visible_to
from approvals.selectors.decisions import decisions_of, is_member, membership_of, obstacle_of
from approvals.services.recording import by_user, lock

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _Member(TypedDict):
    is_member: bool


type Locked = WithAnnotations[ApprovalRequest, _Member]


def lock_for(reviewer: User, request_id: int) -> "Locked":
    """Return the locked request if it is still pending, with whether ``reviewer`` belongs to its groups.

    In one statement, because each way to the database is time in which an agent waits.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request.
        AlreadySettled: somebody was first.
    """
    requests = ApprovalRequest.objects.select_for_update(of=("self",)).defer("context", "reason")
    request = requests.annotate(is_member=membership_of(reviewer)).get(pk=request_id)
    if not request.is_pending:
        raise AlreadySettled(request)
    return request


def lock_seen_by(user: User, request_id: int) -> ApprovalRequest:
    """Return the locked request if it is still pending and ``user`` may see it.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request for this person.
        AlreadySettled: it waits no more.
    """
    request = lock(request_id)
    if not requests_visible_to(user).filter(pk=request_id).exists():
        raise ApprovalRequest.DoesNotExist
    if not request.is_pending:
        raise AlreadySettled(request)
    return request


def decisions_before(request: "Locked", reviewer: User) -> list[Decision]:
    """Return the decisions so far, if ``reviewer`` may add one.

    Raises:
        NotAuthorised: they may not decide.
    """
    decisions = decisions_of(request)
    # A statement that had to wait for the lock saw the groups as they were before: so a no is asked for once more.
    member = request.is_member or is_member(reviewer, request)
    if obstacle := obstacle_of(reviewer, request, decisions, is_member=member):
        raise NotAuthorised(obstacle)
    return decisions


def check_unchanged(request: ApprovalRequest, reviewer: User, version: int | None) -> None:
    """Refuse a decision on a page that does not show what others did since.

    Args:
        version: the newest line of the record that the page showed; None is not checked.

    Raises:
        ChangedSince: somebody else did something that matters to whoever decides.
    """
    if version is None:
        return
    # Each line is written with the request locked, so that their ids ascend as they become visible.
    since = request.events.filter(pk__gt=version, code__in=MATTERS).exclude(actor=by_user(reviewer))
    if changes := list(since.order_by("pk")):
        raise ChangedSince(changes)


def check_words(field: str, text: str, longest: int) -> None:
    """Refuse what the agent could not be sent or PostgreSQL could not keep.

    Raises:
        InvalidInput: ``text`` is longer than ``longest`` characters, or holds a NUL.
    """
    if len(text) > longest:
        raise InvalidInput(field, "write {} characters or fewer", longest)
    if "\x00" in text:
        raise InvalidInput(field, "the text holds a character that can't be kept")
