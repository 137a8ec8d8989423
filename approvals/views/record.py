"""The record of one request, made for paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from approvals.selectors.requests import get_request_for
from approvals.views.context import record_context
from approvals.views.viewer import viewer_of


@require_safe
def record_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show everything that is on record about a request, unfolded."""
    approval_request = get_request_for(viewer_of(request), request_id)
    context = record_context(approval_request) | {"approval_request": approval_request, "printed_at": timezone.now()}
    return render(request, "approvals/record.html", context)
