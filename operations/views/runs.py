"""The list of runs."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.views.viewer import viewer_of
from operations.presentation.control import VERBS_TOGETHER
from operations.presentation.runs import chips_for, menus_for, tabs_for
from operations.rules.roles import Permission
from operations.rules.run_query import RunQuery
from operations.selectors import places
from operations.selectors.runs import runs_page


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def runs(request: HttpRequest) -> HttpResponse:
    """Show the runs: the whole page, or the list alone when htmx refreshes it."""
    query, after = RunQuery.read(request.GET.dict()), places.read(request.GET.get("after", ""))
    page = runs_page(viewer_of(request), query, now=timezone.now(), after=after)
    around = {
        "tabs": tabs_for(page),
        "menus": menus_for(page),
        "chips": chips_for(page),
        "verbs": VERBS_TOGETHER,
    }
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/runs.html{part}", {"page": page} | around)
