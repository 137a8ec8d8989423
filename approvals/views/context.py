"""What the templates of the inbox are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone

from approvals.forms.arguments import ArgumentsForm
from approvals.forms.decision import DecisionForm
from approvals.forms.names import PREFIX
from approvals.forms.places import places_of
from approvals.forms.value import ValueFields
from approvals.models import ApprovalRequest, Decision
from approvals.presentation.changes import shown_changes
from approvals.presentation.edits import record_of
from approvals.presentation.escalations import milestones_of
from approvals.presentation.executed import lines_of, stations_of
from approvals.presentation.flags import flags_of
from approvals.presentation.snoozing import choices_at
from approvals.presentation.travel import stages_of
from approvals.presentation.values import rows_for
from approvals.rules.changes import changes_between
from approvals.rules.eligibility import Obstacle
from approvals.rules.quorum import Ballot, standing_approvals
from approvals.selectors.around import around_request
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
from approvals.selectors.history import history_of
from approvals.selectors.people import StillAble, comments_of, people_to_ask, still_able
from approvals.selectors.record import every_decision_on
from approvals.selectors.related import Related, related_to
from approvals.selectors.requests import escalations_of, events_of
from approvals.selectors.runs import view_run
from approvals.views.editing import Fields, fields_for
from approvals.views.numbers import row_id_in


@dataclass
class Posted:
    """What was typed before, for showing the page again with nothing lost.

    Attributes:
        data: what was posted.
        problem: why that was refused.
        field: which of its fields was wrong, where it was one.
        draft: a decision that its reviewer has just taken back.
        form: the fields as they are after a step of editing.
    """

    data: QueryDict | None = None
    problem: str = ""
    field: str = ""
    draft: Decision | None = None
    form: ArgumentsForm | None = None


def panel_context(
    user: User, request: ApprovalRequest, *, editing: bool, posted: Posted | None = None
) -> dict[str, Any]:
    """Return what the decision panel, the thread and the table of arguments show."""
    posted = posted or Posted()
    decisions = decisions_of(request)
    proposal = proposal_for(request, decisions)
    draft = posted.draft if request.is_pending else None
    edited = draft if draft and draft.arguments is not None and draft.digest != proposal.digest else None
    obstacle = None
    if request.is_pending:
        obstacle = obstacle_of(user, request, decisions, is_member=is_member(user, request))
    answering = request.has_form and obstacle is None
    editing = request.is_pending and (editing or answering or edited is not None)
    approvals = standing_approvals(ballots_of(decisions))
    # An answer that was filled in has changed nothing.
    asked = proposal.arguments if request.has_form else request.arguments
    rows = rows_for(proposal.arguments, asked, request.arguments_schema)
    fields = (
        Fields(posted.form) if posted.form else fields_for(request, proposal, posted.data if editing else None, edited)
    )
    form = fields.form
    changes = form.changes() if editing else changes_between(request.arguments, proposal.arguments)
    return {
        "approval_request": request,
        "proposal": proposal,
        "rows": rows,
        "editing": editing,
        "arguments_form": form,
        "carried_over": fields.carried_over,
        "places": places_of(rows, form.parts) if editing else [],
        "changes": shown_changes(changes, proposal.arguments),
        "value_fields": ValueFields.of(posted.data, draft),
        "decision_form": DecisionForm(request, proposal.digest, posted.data, draft),
        "obstacle": obstacle,
        "approvals": approvals,
        "still_able": _still_able(request, approvals),
        "decisions": decisions,
        "can_take_back": can_take_back(user, request, decisions),
        "taken_back": draft,
        "problem": posted.problem,
        "wrong_field": posted.field,
        "typed": posted.data or {},
        "left_over": _left_over(request, posted.data, can_decide=request.is_pending and obstacle is None),
        "version": version_of(request, proposal, decisions, obstacle),
        **_thread_context(user, request),
    }


def _thread_context(user: User, request: ApprovalRequest) -> dict[str, Any]:
    comments = comments_of(request)
    asked = [comment for comment in comments if comment.addressee_id == user.pk and comment.answered_at is None]
    pending = request.is_pending
    return {
        "comments": comments,
        "asked_of_reader": asked[-1] if asked and pending else None,
        "people_to_ask": people_to_ask(user, request) if pending else [],
        "snooze_choices": choices_at(timezone.localtime(), request.deadline_at) if pending else [],
    }


def _still_able(request: ApprovalRequest, approvals: Sequence[Ballot]) -> StillAble | None:
    """Return who can still approve, where several must."""
    if not request.is_pending or request.quorum == 1:
        return None
    return still_able(request, [ballot.reviewer for ballot in approvals])


def _left_over(request: ApprovalRequest, data: QueryDict | None, *, can_decide: bool) -> str:
    """Return the words that were typed into fields which the page does not offer any more."""
    if data is None or can_decide:
        return ""
    names = ("answer", "value", "note") if request.is_pending else ("answer", "value", "note", "comment")
    words = [data.get(name, "").strip() for name in names]
    return "\n\n".join(filter(None, [_filled_in(request, data), *words]))


def _filled_in(request: ApprovalRequest, data: QueryDict) -> str:
    """Return the fields of an answer that were posted, as lines."""
    if not (request.has_form and ArgumentsForm.was_posted(data)):
        return ""
    # Names with a tilde are of the form itself, such as which rows there are.
    fields = [(name, value) for name in data for value in data.getlist(name) if name.startswith(PREFIX)]
    return "\n".join(f"{name.rpartition('/')[2]}: {value}" for name, value in fields if value and "~" not in name)


def live_context(user: User, request: ApprovalRequest) -> dict[str, Any]:
    """Return what changes by itself while the page is open."""
    related, run_view, now = related_to(user, request), view_run(request.invocation_id), timezone.now()
    around = around_request(request, related, run_view, now)
    return record_context(request) | {
        "around": around,
        "flags": flags_of(around),
        "related": related,
        "approval_request": request,
        "stages": stages_of(request),
        "milestones": milestones_of(request, escalations_of(request)),
        "decided_before": settling_decision_of(request.restarted_from) if request.restarted_from else None,
        "run_view": run_view,
    }


def record_context(request: ApprovalRequest) -> dict[str, Any]:
    """Return the record of a request: its events with what they changed, and its arguments at their stations."""
    events, decisions = events_of(request), every_decision_on(request)
    stations = stations_of(request, next((decision for decision in decisions if decision.settles), None))
    lines = lines_of(stations)
    return {
        "events": events,
        "record": record_of(request, events, decisions),
        "stations": stations,
        "lines": lines,
        "unchanged": sum(not line.changed for line in lines),
    }


def history_context(user: User, request: ApprovalRequest, related: Sequence[Related]) -> dict[str, Any]:
    """Return what was decided before on the same tool."""
    return {"history": history_of(user, request, related, timezone.now())}


def version_of(
    request: ApprovalRequest, proposal: Proposal, decisions: Sequence[Decision], obstacle: Obstacle | None
) -> str:
    """Return what the page shows: the newest line of the record, then what the decision panel depends on.

    A decision on a page that misses what others did is refused once; while the second part stays the same, a page keeps
    the panel that it has.
    """
    newest = getattr(request, "newest_event", None) or 0
    latest = decisions[-1].pk.hex[:8] if decisions else ""
    panel = "-".join([request.status, proposal.digest[-12:], str(len(decisions)), latest, obstacle or ""])
    return f"{newest}.{panel}"


def newest_event_in(version: str) -> int | None:
    """Return the newest line of the record that a page showed; None when its version does not say."""
    return row_id_in(version.partition(".")[0])


def panel_in(version: str) -> str:
    """Return the part of a page's version that its decision panel depends on."""
    return version.partition(".")[2]
