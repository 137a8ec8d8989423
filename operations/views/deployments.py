"""Deployments: all of them, one, and how to bring another."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from operations.presentation.deployments import runs_of
from operations.rules.roles import Permission
from operations.rules.run_query import Tab
from operations.rules.upgrading import progress_of
from operations.selectors.deployments import deployments_page


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def deployments(request: HttpRequest) -> HttpResponse:
    """Show all deployments: the whole page, or the list alone when htmx refreshes it."""
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/deployments.html{part}", {"page": deployments_page()})


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def deployment(request: HttpRequest, deployment_id: str) -> HttpResponse:
    """Show a deployment: what it holds, who depends on it, and how its runs could be moved."""
    page = deployments_page()
    standing = page.find(deployment_id)
    if standing is None and not page.away:
        raise Http404
    context = {
        "standing": standing,
        "away": page.away,
        "deployment_id": deployment_id,
        "waiting": runs_of(deployment_id, Tab.WAITING),
        "paused": runs_of(deployment_id, Tab.PAUSED),
    }
    part = "#facts" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/deployment.html{part}", context)


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def guide(request: HttpRequest) -> HttpResponse:
    """Show how to deploy a new version without breaking what waits, and how far that is now."""
    page = deployments_page()
    progress = progress_of(old=len(page.old), drained=len(page.drained), pinned_to_old=page.pinned_to_old)
    part = "#steps" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/guide.html{part}", {"page": page, "progress": progress})
