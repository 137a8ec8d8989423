"""One run."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from approvals.views.viewer import viewer_of
from operations.presentation.control import controls_for
from operations.presentation.opened import opened_steps
from operations.presentation.timeline import timeline_of
from operations.rules.roles import Permission
from operations.selectors.payloads import ALONE, MANY, payloads_of
from operations.selectors.record import entries_of_run
from operations.selectors.run import points_of, steered
from operations.selectors.run_page import RunPage, Wanted, run_page_for
from operations.services.looking import look
from operations.services.steer import about_run
from restate_bridge.errors import BridgeError
from restate_bridge.ids import is_invocation_id
from restate_bridge.listed_run import ENDED, ListedRun


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
@vary_on_headers("HX-Request")
def run_page(request: HttpRequest, invocation_id: str) -> HttpResponse:
    """Show a run: what it does, its steps and what stands around it; the live part alone when htmx refreshes it."""
    viewer = viewer_of(request)
    page = _page_for(viewer, invocation_id, _wanted(request))
    context = _context(page) | _steering(viewer, page)
    if viewer.has_perm(Permission.VIEW_RECORD):
        context["entries"] = entries_of_run(page.id)
    part = "#live" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/run.html{part}", context)


@require_safe
@permission_required([Permission.VIEW_RUN, Permission.VIEW_PAYLOAD], raise_exception=True)
@vary_on_headers("HX-Request")
def run_payloads(request: HttpRequest, invocation_id: str) -> HttpResponse:
    """Show what the steps of a run hold, or one of them alone; that somebody looks is recorded before."""
    viewer, alone = viewer_of(request), _entry(request, "entry")
    page = _page_for(viewer, invocation_id, _wanted(request) if alone is None else Wanted(begin=alone, at_most=1))
    context = _context(page) | {"alone": alone is not None}
    if page.run:
        look(operator=viewer, what="run.payload", about=about_run(page.run))
        payloads = payloads_of(page.id, page.stretch, MANY if alone is None else ALONE)
        context |= {"payloads": payloads, "opened_steps": opened_steps(context["steps"], payloads)}
    part = "#live" if request.headers.get("HX-Request") else ""
    return render(request, f"operations/payloads.html{part}", context)


def _page_for(viewer: User, invocation_id: str, wanted: Wanted) -> RunPage:
    if not is_invocation_id(invocation_id):
        raise Http404
    return run_page_for(viewer, invocation_id, wanted)


def _wanted(request: HttpRequest) -> Wanted:
    return Wanted(begin=_entry(request, "from"), before=_entry(request, "before"))


def _entry(request: HttpRequest, name: str) -> int | None:
    """Return the entry of a journal that an address names, None for none."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _context(page: RunPage) -> dict[str, Any]:
    return {
        "invocation_id": page.id,
        "page": page,
        "run": page.run,
        "steps": timeline_of(page, timezone.now()),
        "goes_on": page.away or (page.run is not None and page.run.state not in ENDED),
        "restate_ui": settings.RESTATE_UI_URL,
    }


def _steering(viewer: User, page: RunPage) -> dict[str, Any]:
    if page.run is None or not viewer.has_perm(Permission.STEER_RUN):
        return {}
    try:
        run = steered(page.run)
    except BridgeError:
        return {"controls_unread": True}
    return {"controls": controls_for(run.obstacles), "holding": run.holding} | _points(page.run, page)


def _points(run: ListedRun, page: RunPage) -> dict[str, Any]:
    """Return the steps on the page that the run can be restarted from."""
    try:
        return {"points": [point for point in points_of(run) if _is_shown(point.entry, page)]}
    except BridgeError:
        return {"points_unread": True}


def _is_shown(entry: int, page: RunPage) -> bool:
    """Tell whether a step stands on the page; the beginning is offered on each."""
    after = page.stretch.after
    return entry == 0 or (entry >= page.begin and (after is None or entry <= after))
