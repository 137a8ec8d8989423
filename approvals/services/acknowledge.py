"""The agent has verified a decision; the inbox has the last word."""

from django.db import transaction
from django.utils import timezone

from approvals.models import AgentService, Delivery
from approvals.rules.lifecycle import DeliveryState, check_delivery
from approvals.services.recording import lock_announced, record
from restate_bridge.contract import Acknowledgement, Verdict


@transaction.atomic
def acknowledge_decision(
    *, agent_service: AgentService, awakeable_id: str, acknowledgement: Acknowledgement
) -> Verdict:
    """Say whether the decision stands, and note that the agent has received it.

    Asking again, as a repeated step does, gives the same answer.

    Raises:
        ApprovalRequest.DoesNotExist: this service announced no such request.
    """
    request = lock_announced(agent_service, awakeable_id)
    delivery = Delivery.objects.filter(request=request).first()
    if delivery is None or str(delivery.decision_id) != acknowledgement.decision_id:
        record(
            request,
            actor=f"agent:{agent_service.name}",
            code="decision.refused",
            data=acknowledgement.model_dump(),
        )
        return Verdict(go=False, reason="the inbox knows no such decision on this request")
    if delivery.received_at is None:
        check_delivery(DeliveryState(delivery.state), DeliveryState.RECEIVED)
        delivery.state, delivery.received_at = DeliveryState.RECEIVED, timezone.now()
        delivery.due_at, delivery.last_error = None, ""
        delivery.save(update_fields=["state", "received_at", "due_at", "last_error"])
        record(
            request,
            actor=f"agent:{agent_service.name}",
            code="delivery.received",
            data=acknowledgement.model_dump(),
        )
    return Verdict(go=True)
