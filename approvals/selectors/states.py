"""Where a request stands, for the agent service that announced it."""

from django.conf import settings

from approvals.models import AgentService, ApprovalRequest, Delivery
from restate_bridge.contract import RequestState, Travel


def state_of(agent_service: AgentService, awakeable_id: str) -> RequestState:
    """Return where a request stands and how far its decision got.

    Raises:
        ApprovalRequest.DoesNotExist: this service announced no such request.
    """
    requests = ApprovalRequest.objects.select_related("delivery", "superseded_by", "restarted_from")
    request = requests.get(awakeable_id=awakeable_id, announced_by=agent_service)
    delivery: Delivery | None = getattr(request, "delivery", None)
    return RequestState.model_validate(
        {
            "request_id": request.pk,
            "url": settings.PUBLIC_URL + request.get_absolute_url(),
            "status": request.status,
            "settled_at": request.settled_at,
            "travel": _travel(delivery) if delivery else None,
            "missing_since": request.missing_since,
            "superseded_by": request.superseded_by.awakeable_id if request.superseded_by else None,
            "restarted_from": request.restarted_from.awakeable_id if request.restarted_from else None,
        }
    )


def _travel(delivery: Delivery) -> Travel:
    times = {name: getattr(delivery, name) for name in ("queued_at", "sent_at", "received_at", "finished_at")}
    return Travel.model_validate({"state": delivery.state, "problem": delivery.last_error, **times})
