"""What the templates of the inbox are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict

from approvals.forms.arguments import ArgumentsForm
from approvals.forms.decision import DecisionForm
from approvals.models import ApprovalRequest, Decision
from approvals.presentation.escalations import milestones_of
from approvals.presentation.travel import stages_of
from approvals.presentation.values import rows_for
from approvals.rules.eligibility import Obstacle
from approvals.rules.quorum import standing_approvals
from approvals.selectors.decisions import (
    Proposal,
    ballots_of,
    can_take_back,
    decisions_of,
    is_member,
    obstacle_of,
    proposal_for,
    settling_decision_of,
)
from approvals.selectors.inbox import Queue, queue_page
from approvals.selectors.requests import escalations_of, events_of
from approvals.selectors.runs import view_run


@dataclass
class Posted:
    """What was typed before, for showing the page again with nothing lost.

    Attributes:
        data: what was posted.
        problem: why that was refused.
        draft: a decision that its reviewer has just taken back.
    """

    data: QueryDict | None = None
    problem: str = ""
    draft: Decision | None = None


def panel_context(
    user: User, request: ApprovalRequest, *, editing: bool, posted: Posted | None = None
) -> dict[str, Any]:
    """Return what the decision panel and the table of arguments show."""
    posted = posted or Posted()
    decisions = decisions_of(request)
    proposal = proposal_for(request, decisions)
    draft = posted.draft if request.is_pending else None
    edits = draft.arguments if draft and draft.digest != proposal.digest else None
    editing = request.is_pending and (editing or edits is not None)
    obstacle = None
    if request.is_pending:
        obstacle = obstacle_of(user, request, decisions, is_member=is_member(user, request))
    return {
        "approval_request": request,
        "proposal": proposal,
        "rows": rows_for(proposal.arguments, request.arguments),
        "editing": editing,
        "arguments_form": ArgumentsForm(request, proposal.arguments, posted.data if editing else None, edits),
        "decision_form": DecisionForm(request, proposal.digest, posted.data, draft),
        "obstacle": obstacle,
        "approvals": standing_approvals(ballots_of(decisions)),
        "decisions": decisions,
        "can_take_back": can_take_back(user, request, decisions),
        "taken_back": draft,
        "problem": posted.problem,
        "version": version_of(request, proposal, decisions, obstacle),
    }


def live_context(request: ApprovalRequest) -> dict[str, Any]:
    """Return what changes by itself while the page is open."""
    return {
        "approval_request": request,
        "stages": stages_of(request),
        "milestones": milestones_of(request, escalations_of(request)),
        "decided_before": settling_decision_of(request.restarted_from) if request.restarted_from else None,
        "run_view": view_run(request.invocation_id),
        "events": events_of(request),
    }


def queue_context(user: User, queue: Queue, older_than: int | None = None) -> dict[str, Any]:
    """Return what the list on the left shows."""
    return {"queue": queue_page(user, queue, older_than=older_than), "queues": list(Queue)}


def version_of(
    request: ApprovalRequest, proposal: Proposal, decisions: Sequence[Decision], obstacle: Obstacle | None
) -> str:
    """Return what the decision panel depends on: while it stays the same, a page keeps the panel it has."""
    latest = decisions[-1].pk.hex[:8] if decisions else ""
    return "-".join([request.status, proposal.digest[-12:], str(len(decisions)), latest, obstacle or ""])
