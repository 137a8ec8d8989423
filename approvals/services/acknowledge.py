"""The agent has verified a decision; the inbox has the last word."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.rules.lifecycle import DeliveryState, check_delivery
from approvals.services.recording import lock_announced, record
from restate_bridge.contract import Acknowledgement, Verdict

#: How long a tool may take before the run is looked at, and how often after that.
LOOK_AFTER_RECEIVED: Final = timedelta(minutes=1)
#: What `receive` sets.
RECEIVED_FIELDS: Final = ("state", "received_at", "due_at", "last_error")


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
    delivery = Delivery.objects.filter(request=request).select_related("decision").first()
    if refusal := refusal_of(request, delivery, acknowledgement):
        _record_refusal(request, agent_service, acknowledgement, refusal)
        return Verdict(go=False, reason=refusal)
    assert delivery is not None
    if delivery.received_at is None:
        receive(delivery)
        delivery.save(update_fields=RECEIVED_FIELDS)
        actor = f"agent:{agent_service.name}"
        record(request, actor=actor, code="delivery.received", data=acknowledgement.model_dump())
    return Verdict(go=True)


def _record_refusal(
    request: ApprovalRequest, agent_service: AgentService, acknowledgement: Acknowledgement, refusal: str
) -> None:
    """Put a refusal on record, once for each decision and reason: the agent's step may be repeated."""
    data = acknowledgement.model_dump() | {"reason": refusal}
    known = request.events.filter(code="decision.refused").values_list("data", flat=True)
    if data not in list(known):
        record(request, actor=f"agent:{agent_service.name}", code="decision.refused", data=data)


def refusal_of(request: ApprovalRequest, delivery: Delivery | None, acknowledgement: Acknowledgement) -> str:
    """Say why the decision does not stand; empty when it does."""
    if delivery is None or str(delivery.decision.signed_id) != acknowledgement.decision_id:
        return "the inbox knows no such decision on this request"
    if request.superseded_by_id is not None:
        return "the agent has asked again since: only the newer request's decision counts"
    if delivery.finished_at is not None:
        # The report is journaled behind this step, so only a run that was restarted before it gets here.
        return "the decision was carried out already"
    return ""


def receive(delivery: Delivery) -> None:
    """Set what is so once the agent has the decision; the caller saves `RECEIVED_FIELDS`."""
    check_delivery(DeliveryState(delivery.state), DeliveryState.RECEIVED)
    delivery.state, delivery.received_at = DeliveryState.RECEIVED, timezone.now()
    # The courier looks after it until the agent reports: a run can die in between.
    delivery.due_at, delivery.last_error = delivery.received_at + LOOK_AFTER_RECEIVED, ""
