"""The list of waits that nobody announced."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from operations.rules.roles import Permission
from operations.selectors import places
from operations.selectors.waits import waits_page


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def waits(request: HttpRequest) -> HttpResponse:
    """Show the waits: the whole page, or the list alone when htmx refreshes it."""
    page = waits_page(after=places.read(request.GET.get("after", "")))
    part = "#list" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/waits.html{part}", {"page": page})
