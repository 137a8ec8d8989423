"""A case: several agents at work, and what they ask people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.selectors.cases import get_case_for
from approvals.views.viewer import viewer_of


@require_safe
@vary_on_headers("HX-Request")
def case_page(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show a case: the whole page, or what changes of it when htmx refreshes it."""
    part = "#live" if request.headers.get("HX-Request") else ""
    return render(request, f"approvals/case.html{part}", {"case": get_case_for(viewer_of(request), run_id)})
