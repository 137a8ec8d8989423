"""Steps of editing: a row more or less, what would change. Nothing is kept on the server, the page holds it all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import reswap

from approvals.errors import ChangedMeanwhile
from approvals.forms.answering import form_of
from approvals.forms.arguments import ArgumentsForm
from approvals.forms.steps import STEP, Step, Verb
from approvals.models import ApprovalRequest
from approvals.presentation.changes import shown_changes
from approvals.selectors.decisions import decisions_of, proposal_for
from approvals.selectors.requests import get_request_for
from approvals.views.context import Posted, panel_context
from approvals.views.posting import posts_only
from approvals.views.refusals import refusal_for
from approvals.views.request import show_request
from approvals.views.viewer import viewer_of


@posts_only
def edit(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show the fields after a step, or what would change, with all that was typed; decide and keep nothing."""
    approval_request = get_request_for(viewer_of(request), request_id)
    proposal = proposal_for(approval_request, decisions_of(approval_request))
    if not approval_request.is_pending or request.POST.get("seen") != proposal.digest:
        return _overtaken(request, approval_request)
    form, step = (
        form_of(approval_request, proposal.arguments, request.POST),
        Step.read(request.POST.get(STEP, "")),
    )
    if step.verb is Verb.PREVIEW:
        changes = shown_changes(form.changes(), proposal.arguments)
        context = {"arguments_form": form, "editing": True, "changes": changes, "counted": True}
        return render(request, "approvals/request/edit_changes.html", context)
    return _show(request, approval_request, form if step.verb is Verb.REVIEW else form.after(step))


def _overtaken(request: HttpRequest, approval_request: ApprovalRequest) -> HttpResponse:
    """Say that others were faster; where a script asked for a fragment the fields stay as they are."""
    if request.headers.get("HX-Request"):
        context = {"approval_request": approval_request, "list_query": request.POST.get("list", "")}
        return reswap(render(request, "approvals/request/overtaken.html", context), "none")
    if not approval_request.is_pending:
        return redirect("approvals:request", approval_request.pk)
    status, problem = refusal_for(ChangedMeanwhile())
    posted = Posted(request.POST, problem)
    return show_request(request, approval_request, editing=True, posted=posted, status=status)


def _show(request: HttpRequest, approval_request: ApprovalRequest, form: ArgumentsForm) -> HttpResponse:
    posted = Posted(data=request.POST, form=form)
    if request.headers.get("HX-Request"):
        context = panel_context(viewer_of(request), approval_request, editing=True, posted=posted)
        return render(request, "approvals/request/what.html", context)
    return show_request(request, approval_request, editing=True, posted=posted)
