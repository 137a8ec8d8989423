"""Fields that were made for arguments which somebody else may have changed since."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict

from approvals.errors import AlreadySettled, ApprovalError, ChangedMeanwhile, InvalidInput, NotAuthorised
from approvals.forms.answering import form_of
from approvals.forms.arguments import ArgumentsForm
from approvals.forms.rebasing import drafting, rebased
from approvals.models import ApprovalRequest, Decision
from approvals.rules.editing import Arguments
from approvals.selectors.decisions import (
    Proposal,
    arguments_before,
    arguments_seen,
    decisions_of,
    is_member,
    obstacle_of,
    proposal_for,
)
from approvals.selectors.requests import get_request_for
from approvals.services.decide import answer_request, approve_request
from restate_bridge.contract import ANSWER


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields for what is proposed now.

    Attributes:
        carried_over: whether they hold what was typed on a page that showed other arguments.
    """

    form: ArgumentsForm
    carried_over: bool = False


def fields_for(
    request: ApprovalRequest, proposal: Proposal, data: QueryDict | None = None, draft: Decision | None = None
) -> Fields:
    """Return the fields with what was posted, or with what a decision that was taken back had changed.

    Nobody's edits undo those of another: of a page that showed other arguments only what differs from them counts.
    """
    if draft is not None and draft.arguments is not None:
        base = arguments_before(request, draft)
        return Fields(drafting(request, base=base, mine=draft.arguments, proposed=proposal.arguments))
    if data is not None and (shown := _others_shown(request, proposal, data)) is not None:
        return Fields(rebased(request, base=shown, proposed=proposal.arguments, data=data), carried_over=True)
    return Fields(form_of(request, proposal.arguments, data))


def approve_edited(
    *,
    data: QueryDict,
    request_id: int,
    reviewer: User,
    seen: str,
    version: int | None,
    note: str,
    confirmation: str,
    undo_window: timedelta,
) -> Decision:
    """Approve with the edits that were posted; otherwise as `approve_request`.

    Raises:
        InvalidInput: an edit does not fit; the fields say which.
    """
    request = get_request_for(reviewer, request_id)
    if not request.is_pending:
        raise AlreadySettled(request)
    proposal = proposal_for(request, decisions := decisions_of(request))
    if seen != proposal.digest:
        # Not left to the verb: should an approval be taken back before it locks the request, what was seen would be
        # proposed again, and these edits would be told from other arguments.
        raise _refusal(reviewer, request, decisions)
    form = ArgumentsForm(request, proposal.arguments, data)
    if not form.is_valid():
        raise InvalidInput("arguments", "some of the changes don't fit")
    return approve_request(
        request_id=request_id,
        reviewer=reviewer,
        seen=seen,
        version=version,
        edits=form.edits(),
        note=note,
        confirmation=confirmation,
        undo_window=undo_window,
    )


def answer_filled(*, data: QueryDict, request_id: int, reviewer: User, **rest: Any) -> Decision:
    """Answer with the fields that were posted; the rest as `answer_request`.

    Raises:
        InvalidInput: one does not fit; the fields say which.
    """
    request = get_request_for(reviewer, request_id)
    if not request.is_pending:
        raise AlreadySettled(request)
    form = form_of(request, request.arguments, data)
    if not form.is_valid():
        raise InvalidInput("answer", "some of the fields don't fit")
    filled = form.edited().get(ANSWER)
    return answer_request(request_id=request_id, reviewer=reviewer, filled=filled, **rest)


def _refusal(reviewer: User, request: ApprovalRequest, decisions: list[Decision]) -> ApprovalError:
    """Return why an approval of other arguments is refused: perhaps they are what the reviewer has approved already."""
    obstacle = obstacle_of(reviewer, request, decisions, is_member=is_member(reviewer, request))
    return NotAuthorised(obstacle) if obstacle else ChangedMeanwhile("the arguments were edited since")


def _others_shown(request: ApprovalRequest, proposal: Proposal, data: QueryDict) -> Arguments | None:
    """Return the arguments that a posted page showed, where it held fields and they are not what is proposed now."""
    seen = data.get("seen", "")
    if seen in ("", proposal.digest) or not ArgumentsForm.was_posted(data):
        return None
    return arguments_seen(request, seen)
