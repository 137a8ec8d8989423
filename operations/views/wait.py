"""A wait that nobody announced: what it is about, and settling it."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from approvals.presentation.choices import Words
from approvals.presentation.values import rows_for
from approvals.selectors.access import requests_visible_to
from approvals.views.viewer import viewer_of
from operations.errors import ChangedMeanwhile, NoSuchRun, NotToSettle, Unheard
from operations.forms.settling import SettlingForm
from operations.presentation.timeline import timeline_of
from operations.presentation.waits import STANDINGS
from operations.rules.roles import Permission
from operations.selectors.run_page import Wanted, run_page_for
from operations.selectors.waits import WaitSeen, story_of, wait_seen
from operations.services.looking import look
from operations.services.recording import About
from operations.services.settle import settle_wait
from restate_bridge.errors import BridgeError
from restate_bridge.ids import MalformedId

_UNHEARD: Final = 503
_REFUSED: Final = 409
_INVALID: Final = 422
_CHANGED: Final = gettext_lazy("What it was about to do is told otherwise now than it was shown. Look at it again.")


@require_safe
@permission_required(Permission.VIEW_RUN, raise_exception=True)
def wait_page(request: HttpRequest, awakeable_id: str) -> HttpResponse:
    """Show a wait: who waits, since when, and, for who may see it, what the run's journal tells of it."""
    return _page(request, awakeable_id)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required([Permission.SETTLE_WAIT, Permission.VIEW_PAYLOAD], raise_exception=True)
def settle(request: HttpRequest, awakeable_id: str) -> HttpResponse:
    """Resolve or reject a wait (POST); a GET, such as after signing in again, goes to its page."""
    if request.method != "POST":
        return redirect("operations:wait", awakeable_id)
    try:
        seen = _seen(request, awakeable_id)
    except BridgeError as error:
        return _away(request, awakeable_id, str(error))
    form = SettlingForm(seen.run.service, request.POST)
    if not form.is_valid():
        return _page(request, awakeable_id, form=form, status=_INVALID)
    return _settled(request, awakeable_id, form)


def _settled(request: HttpRequest, awakeable_id: str, form: SettlingForm) -> HttpResponse:
    operator = viewer_of(request)
    try:
        decision = settle_wait(operator=operator, awakeable_id=awakeable_id, settlement=form.settlement())
    except NotToSettle as error:
        return _page(request, awakeable_id, form=form, problem=str(STANDINGS[error.standing]), status=_REFUSED)
    except ChangedMeanwhile:
        return _page(request, awakeable_id, form=form, problem=_CHANGED, status=_REFUSED)
    except Unheard as error:
        return _away(request, awakeable_id, str(error))
    except NoSuchRun as error:
        raise Http404 from error
    told = _("It is settled. The answer goes out now, and Countersign looks whether the run has it.")
    messages.success(request, told)
    visible = requests_visible_to(operator).filter(pk=decision.request_id).first()
    return redirect(visible) if visible else redirect("operations:wait", awakeable_id)


def _seen(request: HttpRequest, awakeable_id: str) -> WaitSeen:
    """Return the wait.

    Raises:
        Http404: there is none of this id.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    try:
        seen = wait_seen(viewer_of(request), awakeable_id, now=timezone.now())
    except MalformedId as error:
        raise Http404 from error
    if seen is None:
        raise Http404
    return seen


def _page(
    request: HttpRequest, awakeable_id: str, *, form: SettlingForm | None = None, problem: Words = "", status: int = 200
) -> HttpResponse:
    try:
        seen = _seen(request, awakeable_id)
        context = _context(request, seen)
        form = form or SettlingForm(seen.run.service, initial={"seen": context.get("digest")})
        form = form.shown_anew(context["digest"]) if problem is _CHANGED else form
        context |= {"form": form, "problem": problem}
    except BridgeError as error:
        return _away(request, awakeable_id, str(error))
    return render(request, "operations/wait.html", context, status=status)


def _context(request: HttpRequest, seen: WaitSeen) -> dict[str, Any]:
    viewer, run = viewer_of(request), seen.run
    page = run_page_for(viewer, run.id, Wanted())
    context = {
        "wait": seen,
        "words": STANDINGS[seen.standing],
        "page": page,
        "steps": timeline_of(page, timezone.now()),
    }
    if not viewer.has_perm(Permission.VIEW_PAYLOAD):
        return context
    story = story_of(seen)
    look(operator=viewer, what="wait.payload", about=About(run.target, run.id))
    return context | {"story": story, "rows": rows_for(story.arguments, story.arguments, {}), "digest": story.digest}


def _away(request: HttpRequest, awakeable_id: str, problem: str) -> HttpResponse:
    """Say that the engine can't be asked, and give back what was typed."""
    typed = [text for name in ("value", "reason") if (text := request.POST.get(name, "").strip())]
    context = {"awakeable_id": awakeable_id, "problem": problem, "typed": typed}
    return render(request, "operations/wait_away.html", context, status=_UNHEARD)
