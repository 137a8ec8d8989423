"""How everything is, for people."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from operations.presentation.health import parts_of
from operations.rules.roles import Permission
from operations.selectors.health.house import house_health


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def health(request: HttpRequest) -> HttpResponse:
    """Show how each part is: the whole page, or the parts alone when htmx refreshes them."""
    context = {"parts": parts_of(house_health(), timezone.now())}
    part = "#parts" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/health.html{part}", context)
