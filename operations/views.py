"""The console: for now, one run."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.selectors.requests import requests_of_run
from approvals.selectors.runs import view_run
from approvals.views.viewer import viewer_of
from restate_bridge.ids import is_invocation_id


@require_safe
@permission_required("operations.view_run", raise_exception=True)
def run_page(request: HttpRequest, invocation_id: str) -> HttpResponse:
    """Show a run: its state, its steps and the requests it made."""
    if not is_invocation_id(invocation_id):
        raise Http404
    context = {
        "invocation_id": invocation_id,
        "run_view": view_run(invocation_id),
        "requests": requests_of_run(viewer_of(request), invocation_id),
        "restate_ui": settings.RESTATE_UI_URL,
    }
    return render(request, "operations/run.html", context, status=200)
