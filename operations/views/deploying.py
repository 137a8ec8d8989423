"""Registering an address, first as a trial; and removing what is drained."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from approvals.views.viewer import viewer_of
from operations.errors import NoSuchDeployment, Refused, StillNeeded, Unheard, Unseen
from operations.forms.deploying import AddressForm, ConfirmingForm
from operations.presentation.deployments import NEEDS
from operations.rules.draining import Standing, confirmation_for
from operations.rules.roles import Permission
from operations.selectors.deployments import Prospect, deployment_now, prospect_of
from operations.services.deploy import Registering, register_deployment, remove_deployment
from restate_bridge.errors import BridgeError, EngineRefused

_UNHEARD: Final = 503
_REFUSED: Final = 409
_INVALID: Final = 422


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.MANAGE_DEPLOYMENT, raise_exception=True)
def register(request: HttpRequest) -> HttpResponse:
    """Ask for an address (GET), show what registering it would do, or register it as it was shown (POST)."""
    if request.method != "POST":
        return _registering(request, AddressForm())
    address = AddressForm(request.POST)
    if not address.is_valid():
        return _registering(request, address, status=_INVALID)
    try:
        prospect = prospect_of(**address.cleaned_data)
    except EngineRefused as refusal:
        return _registering(request, address, problem=refusal.said, status=_REFUSED)
    except BridgeError as error:
        return _registering(request, address, problem=str(error), status=_UNHEARD)
    if "seen" not in request.POST:
        return _registering(request, address, prospect, _confirming(request, prospect))
    form = ConfirmingForm(prospect.confirmation, request.POST)
    if not form.is_valid():
        return _registering(request, address, prospect, form, status=_INVALID)
    return _registered(request, address, prospect, form)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(Permission.MANAGE_DEPLOYMENT, raise_exception=True)
def remove(request: HttpRequest, deployment_id: str) -> HttpResponse:
    """Show what removing a deployment takes (GET), or remove it (POST)."""
    try:
        standing = deployment_now(deployment_id)
    except BridgeError as error:
        context = {"problem": str(error), "reason": request.POST.get("reason", "")}
        return render(request, "operations/remove.html", context, status=_UNHEARD)
    if standing is None:
        raise Http404
    typed = confirmation_for(standing.deployment.uri)
    form = ConfirmingForm(typed, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _removing(request, standing, form)
    if not form.is_valid():
        return _removing(request, standing, form, status=_INVALID)
    return _removed(request, standing, form)


def _confirming(request: HttpRequest, prospect: Prospect) -> ConfirmingForm:
    """Return the form that stands below a plan; a reason that was typed before stays."""
    initial = {"seen": prospect.plan.digest, "reason": request.POST.get("reason", "")}
    return ConfirmingForm(prospect.confirmation, initial=initial)


def _registered(request: HttpRequest, address: AddressForm, prospect: Prospect, form: ConfirmingForm) -> HttpResponse:
    registering = Registering(**address.cleaned_data, **form.cleaned_data)
    try:
        registration = register_deployment(operator=viewer_of(request), registering=registering)
    except Unseen:
        problem = _("What would change is no longer what you were shown. Look again, and confirm that.")
        return _registering(
            request, address, prospect, _confirming(request, prospect), problem=problem, status=_REFUSED
        )
    except Refused as error:
        return _registering(request, address, prospect, form, problem=str(error), status=_REFUSED)
    except Unheard as error:
        return _registering(request, address, prospect, form, problem=str(error), status=_UNHEARD)
    messages.success(request, _("Registered. New runs go there from now on."))
    return redirect("operations:deployment", registration.deployment)


def _removed(request: HttpRequest, standing: Standing, form: ConfirmingForm) -> HttpResponse:
    answers = {"reason": form.cleaned_data["reason"], "typed": form.cleaned_data["typed"]}
    try:
        remove_deployment(operator=viewer_of(request), deployment_id=standing.deployment.id, **answers)
    except NoSuchDeployment as error:
        raise Http404 from error
    except StillNeeded as error:
        return _removing(request, error.standing, form, status=_REFUSED)
    except Refused as error:
        return _removing(request, standing, form, problem=str(error), status=_REFUSED)
    except Unheard as error:
        return _removing(request, standing, form, problem=str(error), status=_UNHEARD)
    messages.success(request, _("The deployment is removed."))
    return redirect("operations:deployments")


def _registering(
    request: HttpRequest,
    address: AddressForm,
    prospect: Prospect | None = None,
    form: ConfirmingForm | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"address": address, "prospect": prospect, "form": form, "problem": problem}
    if form is None:
        context["reason"] = request.POST.get("reason", "")
    return render(request, "operations/register.html", context, status=status)


def _removing(
    request: HttpRequest, standing: Standing, form: ConfirmingForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    why_not = [NEEDS[need] for need in standing.needs]
    context = {"standing": standing, "form": form, "why_not": why_not, "problem": problem}
    return render(request, "operations/remove.html", context, status=status)
