"""What the templates of the inbox are given."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict

from approvals.forms.arguments import ArgumentsForm
from approvals.forms.decision import DecisionForm
from approvals.models import ApprovalRequest
from approvals.presentation.travel import stages_of
from approvals.presentation.values import rows_for
from approvals.rules.quorum import standing_approvals
from approvals.selectors.decisions import Proposal, ballots_of, decisions_of, obstacle_of, proposal_for
from approvals.selectors.inbox import Queue, queue_page
from approvals.selectors.requests import events_of
from approvals.selectors.runs import view_run


@dataclass
class Posted:
    """What was posted and why it was refused, for showing the page again with nothing lost."""

    data: QueryDict | None = None
    problem: str = ""


def panel_context(
    user: User, request: ApprovalRequest, *, editing: bool, posted: Posted | None = None
) -> dict[str, Any]:
    """Return what the decision panel and the table of arguments show."""
    posted = posted or Posted()
    decisions = decisions_of(request)
    proposal = proposal_for(request, decisions)
    arguments_form = ArgumentsForm(request, proposal.arguments, posted.data if editing else None)
    decision_form = DecisionForm(request, proposal.digest, posted.data)
    return {
        "approval_request": request,
        "proposal": proposal,
        "rows": rows_for(proposal.arguments, request.arguments),
        "editing": editing,
        "arguments_form": arguments_form,
        "decision_form": decision_form,
        "obstacle": obstacle_of(user, request, decisions) if request.is_pending else None,
        "approvals": standing_approvals(ballots_of(decisions)),
        "decisions": decisions,
        "problem": posted.problem,
        "version": version_of(request, proposal, len(decisions)),
    }


def live_context(request: ApprovalRequest) -> dict[str, Any]:
    """Return what changes by itself while the page is open."""
    return {
        "approval_request": request,
        "stages": stages_of(request),
        "run_view": view_run(request.invocation_id),
        "events": events_of(request),
    }


def queue_context(user: User, queue: Queue, older_than: int | None = None) -> dict[str, Any]:
    """Return what the list on the left shows."""
    return {"queue": queue_page(user, queue, older_than=older_than), "queues": list(Queue)}


def version_of(request: ApprovalRequest, proposal: Proposal, decisions: int) -> str:
    """Return what the decision panel depends on: while it stays the same, a page keeps the panel it has."""
    return f"{request.status}-{proposal.digest[-12:]}-{decisions}"
