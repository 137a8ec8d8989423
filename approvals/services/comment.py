"""People talk about a request before somebody decides it. The agent never sees it."""

from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from approvals.errors import InvalidInput
from approvals.models import ApprovalRequest, Comment
from approvals.selectors.access import requests_visible_to
from approvals.services.guards import check_words, lock_seen_by
from approvals.services.recording import by_user, record

#: Characters of a comment.
LONGEST_COMMENT: Final = 4_000


@transaction.atomic
def add_comment(*, request_id: int, author: User, text: str, addressee: str = "") -> Comment:
    """Add to a request's thread; whatever was addressed to its author counts as answered.

    What goes back to somebody who had asked is an answer, and asks nothing itself.

    Args:
        addressee: the username of whom it asks; empty when it asks nobody.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request for this person.
        AlreadySettled: it waits no more, so there is nothing to talk about.
        InvalidInput: the text is empty or too long, or the addressee can't see the request.
    """
    text = text.strip()
    if not text:
        raise InvalidInput("comment", "write something")
    check_words("comment", text, LONGEST_COMMENT)
    request = lock_seen_by(author, request_id)
    asked = _addressee(request, author, addressee) if addressee else None
    now = timezone.now()
    asked_by = set(request.comments.filter(addressee=author, answered_at=None).values_list("author", flat=True))
    if asked_by:
        request.comments.filter(addressee=author, answered_at=None).update(answered_at=now)
    comment = Comment.objects.create(
        request=request,
        author=author,
        addressee=asked,
        text=text,
        written_at=now,
        answered_at=now if asked is not None and asked.pk in asked_by else None,
    )
    data = {"note": text} | ({"to": asked.username} if asked else {})
    record(request, actor=by_user(author), code="comment.added", at=now, data=data)
    return comment


def _addressee(request: ApprovalRequest, author: User, username: str) -> User:
    # PostgreSQL refuses even to look for a NUL.
    found = User.objects.filter(username=username, is_active=True).first() if "\x00" not in username else None
    if found is None or not requests_visible_to(found).filter(pk=request.pk).exists():
        raise InvalidInput("addressee", "this person can't see the request, so they can't be asked")
    if found == author:
        raise InvalidInput("addressee", "ask somebody else")
    return found
