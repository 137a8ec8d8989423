"""Somebody takes care of a request: a courtesy that others see. It keeps nobody from deciding."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from approvals.models import ApprovalRequest
from approvals.services.guards import decisions_before, lock_for, lock_seen_by
from approvals.services.recording import by_user, record


@transaction.atomic
def claim_request(*, request_id: int, reviewer: User) -> None:
    """Note that ``reviewer`` takes care of a request, also when somebody else did until now.

    Whoever claims what they have claimed already changes nothing.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request.
        AlreadySettled: it waits no more.
        NotAuthorised: only who may decide can take care of it.
    """
    request = lock_for(reviewer, request_id)
    decisions_before(request, reviewer)
    before = request.claimed_by
    if before == reviewer:
        return
    _hand_to(request, reviewer)
    data = {"from": before.username} if before else {}
    record(request, actor=by_user(reviewer), code="request.claimed", at=request.claimed_at, data=data)


@transaction.atomic
def release_request(*, request_id: int, reviewer: User) -> None:
    """Note that ``reviewer`` does not take care of a request any more; nothing changes unless they did.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request for this person.
        AlreadySettled: it waits no more.
    """
    request = lock_seen_by(reviewer, request_id)
    if let_go(request, reviewer):
        record(request, actor=by_user(reviewer), code="request.released")


def let_go(request: ApprovalRequest, reviewer: User) -> bool:
    """Take a locked request out of the hands of ``reviewer``; tell whether it was in them."""
    if request.claimed_by_id != reviewer.pk:
        return False
    _hand_to(request, None)
    return True


def _hand_to(request: ApprovalRequest, reviewer: User | None) -> None:
    request.claimed_by, request.claimed_at = reviewer, timezone.now() if reviewer else None
    request.save(update_fields=["claimed_by", "claimed_at"])
