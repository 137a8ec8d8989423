"""The operators' record."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from approvals.views.numbers import row_id_in
from operations.presentation.record import chips_for, menus_for
from operations.rules.record_query import RecordQuery
from operations.rules.roles import Permission
from operations.selectors.record import record_page


@require_safe
@permission_required(Permission.VIEW_RECORD, raise_exception=True)
def record(request: HttpRequest) -> HttpResponse:
    """Show what operators did, latest first."""
    query = RecordQuery.read(request.GET.dict())
    page = record_page(query, after=row_id_in(request.GET.get("after", "")))
    context = {"page": page, "menus": menus_for(page), "chips": chips_for(page)}
    return render(request, "operations/record.html", context)
