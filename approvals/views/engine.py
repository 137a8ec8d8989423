"""The line in the header of every page that says what keeps decisions from going out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def engine_notice(request: HttpRequest) -> HttpResponse:
    """Return the line as it is now, for a page that stays open."""
    return render(request, "base.html#engine", {"oob": True})
