"""Holding the requests of a run, where the engine can't pause the run itself."""

from collections.abc import Callable

from django.contrib.auth.models import User

from approvals.errors import AlreadySettled
from approvals.models import ApprovalRequest
from approvals.rules.lifecycle import Status
from approvals.services.hold import hold_request, unhold_request
from operations.errors import InvalidInput, NotAllowed
from operations.rules.roles import Permission
from operations.services.recording import About, recorded
from restate_bridge.listed_run import target_of


def hold_run(*, operator: User, invocation_id: str, reason: str) -> int:
    """Keep everybody from deciding what a run waits for; return how many requests that are.

    Raises:
        NotAllowed, InvalidInput: nothing was done, and nothing recorded.
    """
    return _done(hold_request, "run.hold", operator, invocation_id, reason)


def unhold_run(*, operator: User, invocation_id: str, reason: str) -> int:
    """Let what a run waits for be decided again; return how many requests that are.

    Raises:
        NotAllowed, InvalidInput: nothing was done, and nothing recorded.
    """
    return _done(unhold_request, "run.unhold", operator, invocation_id, reason)


def _done(verb: Callable[..., bool], what: str, operator: User, invocation_id: str, reason: str) -> int:
    if not operator.has_perm(Permission.STEER_RUN):
        raise NotAllowed(Permission.STEER_RUN)
    if not reason.strip():
        raise InvalidInput("reason")
    pending = ApprovalRequest.objects.filter(invocation_id=invocation_id, status=Status.PENDING).order_by("pk")
    found = list(pending.only("service", "key", "handler"))
    subject = target_of(found[0].service, found[0].key, found[0].handler) if found else ""
    with recorded(operator, what, About(subject, invocation_id), reason=reason) as action:
        changed = [request.pk for request in found if _tried(verb, request.pk, operator, reason)]
        action.answered({"requests": changed})
    return len(changed)


def _tried(verb: Callable[..., bool], request_id: int, operator: User, reason: str) -> bool:
    try:
        return verb(request_id=request_id, operator=operator, reason=reason)
    except AlreadySettled:
        return False  # meanwhile
