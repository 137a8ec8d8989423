"""Registering a deployment, and removing one that is drained."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User

from approvals.engine import admin, registrar
from operations.errors import InvalidInput, NoSuchDeployment, NotAllowed, Refused, StillNeeded, Unheard, Unseen
from operations.rules.draining import Standing, confirmation_for
from operations.rules.roles import Permission
from operations.selectors.deployments import Prospect, prospect_of, read_deployments
from operations.services.recording import About, recorded
from restate_bridge.errors import BridgeError, EngineRefused
from restate_bridge.registration import Registration


@dataclass(frozen=True, slots=True)
class Registering:
    """An address that is to be registered, and why.

    Attributes:
        seen: the digest of the plan that was shown.
        typed: the address once more, where something that goes on or is to come breaks.
    """

    uri: str
    reason: str
    force: bool = False
    seen: str = ""
    typed: str = ""


def register_deployment(*, operator: User, registering: Registering) -> Registration:
    """Register an address as it was shown, and return what the engine then has. The record has two lines.

    Raises:
        NotAllowed, InvalidInput: nothing was done, and nothing recorded.
        Unseen: it would do something else by now than what was shown; nothing was done.
        Refused: the engine would not, or could not reach the endpoint.
        Unheard: the engine gave no answer.
    """
    prospect = _looked_at(operator, registering)
    plan, asked = prospect.plan, {"uri": registering.uri, "force": registering.force}
    about = About(plan.overwrites or registering.uri)
    asked |= {"pinned": prospect.overwritten.runs} if prospect.overwritten else {}
    with recorded(operator, "deployment.register", about, reason=registering.reason, data=asked) as action:
        registration = registrar().register(registering.uri, force=registering.force, dry_run=False)
        action.answered({"deployment": registration.deployment, "services": _revisions(registration)})
    return registration


def remove_deployment(*, operator: User, deployment_id: str, reason: str, typed: str) -> None:
    """Remove a deployment that nothing depends on. The record has a line before and one behind it.

    What depends on it is read right before. The engine itself removes whatever it is told to; between the two an
    ended run may be restarted with this code, and nothing can rule that out.

    Raises:
        NotAllowed, NoSuchDeployment, StillNeeded, InvalidInput: nothing was done, and nothing recorded.
        Refused: the engine would not.
        Unheard: the engine gave no answer.
    """
    if not operator.has_perm(Permission.MANAGE_DEPLOYMENT):
        raise NotAllowed(Permission.MANAGE_DEPLOYMENT)
    standing = _drained(deployment_id)
    if not reason.strip():
        raise InvalidInput("reason")
    if typed.strip() != confirmation_for(standing.deployment.uri):
        raise InvalidInput("typed")
    was = {"uri": standing.deployment.uri, "services": dict(standing.deployment.services)}
    with recorded(operator, "deployment.remove", About(deployment_id), reason=reason, data=was) as action:
        status = registrar().remove(deployment_id)
        action.answered({"status": status, "is_gone": _is_gone(deployment_id)})


def _looked_at(operator: User, registering: Registering) -> Prospect:
    """Return what registering would do, if that is what was shown and confirmed."""
    if not operator.has_perm(Permission.MANAGE_DEPLOYMENT):
        raise NotAllowed(Permission.MANAGE_DEPLOYMENT)
    try:
        prospect = prospect_of(registering.uri, force=registering.force)
    except EngineRefused as refusal:
        raise Refused(refusal.said) from refusal
    except BridgeError as error:
        raise Unheard(str(error)) from error
    if prospect.plan.digest != registering.seen:
        raise Unseen(prospect.plan.digest)
    if not registering.reason.strip():
        raise InvalidInput("reason")
    if prospect.confirmation and registering.typed.strip() != prospect.confirmation:
        raise InvalidInput("typed")
    return prospect


def _drained(deployment_id: str) -> Standing:
    try:
        standing = read_deployments(admin()).find(deployment_id)
    except BridgeError as error:
        raise Unheard(str(error)) from error
    if standing is None:
        raise NoSuchDeployment(deployment_id)
    if standing.needs:
        raise StillNeeded(standing)
    return standing


def _is_gone(deployment_id: str) -> bool | None:
    """Whether the engine no longer lists it; None when it can't be asked."""
    try:
        return read_deployments(admin()).find(deployment_id) is None
    except BridgeError:
        return None  # it was told all the same: the answer said so


def _revisions(registration: Registration) -> Mapping[str, int]:
    return {service.name: service.revision for service in registration.services}
