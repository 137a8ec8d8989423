"""The agent reports what came of a decision, that it no longer waits, or that something false reached it."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from approvals.errors import NothingToAcknowledge
from approvals.models import AgentService, Delivery
from approvals.rules.lifecycle import DeliveryState, Status, check_delivery
from approvals.services.arriving import note_not_awaited
from approvals.services.recording import change_status, lock_announced, record
from restate_bridge.contract import InvalidAnswer, Report

#: What `finish` sets.
FINISHED_FIELDS: Final = ("state", "finished_at", "result", "due_at")


@transaction.atomic
def report_result(*, agent_service: AgentService, awakeable_id: str, report: Report) -> None:
    """Note what the tool returned, or how it failed. A repeated report changes nothing.

    Raises:
        ApprovalRequest.DoesNotExist: this service announced no such request.
        NothingToAcknowledge: no decision was acknowledged before.
    """
    request = lock_announced(agent_service, awakeable_id)
    delivery = Delivery.objects.filter(request=request).first()
    if delivery is None or delivery.received_at is None:
        raise NothingToAcknowledge("acknowledge the decision before reporting what came of it")
    if delivery.finished_at is not None:
        return
    finish(delivery, report)
    delivery.save(update_fields=FINISHED_FIELDS)
    actor = f"agent:{agent_service.name}"
    record(request, actor=actor, code=f"delivery.{delivery.state}", data={"result": report.result})


def finish(delivery: Delivery, report: Report) -> None:
    """Set what is so once the agent has reported; the caller saves `FINISHED_FIELDS`."""
    new = DeliveryState(report.state)
    check_delivery(DeliveryState(delivery.state), new)
    delivery.state, delivery.finished_at, delivery.result = new, timezone.now(), report.result
    delivery.due_at = None


@transaction.atomic
def withdraw_request(*, agent_service: AgentService, awakeable_id: str, reason: str) -> None:
    """Take a request out of the inbox because its run no longer waits.

    A settled one stays as it is; a decision that has not reached the agent is not sent any more, nor taken back.

    Raises:
        ApprovalRequest.DoesNotExist: this service announced no such request.
    """
    request = lock_announced(agent_service, awakeable_id)
    if request.is_pending:
        change_status(request, Status.WITHDRAWN, actor=f"agent:{agent_service.name}", data={"reason": reason})
    elif delivery := Delivery.objects.filter(request=request).first():
        actor = f"agent:{agent_service.name}"
        note_not_awaited(delivery_id=delivery.pk, at=timezone.now(), reason=reason, actor=actor)


@transaction.atomic
def record_invalid_answer(*, agent_service: AgentService, awakeable_id: str, invalid_answer: InvalidAnswer) -> None:
    """Put on record that something which is no valid decision reached the agent.

    An awakeable is completed once, so a second record of it is a repeated step, and changes nothing.

    Raises:
        ApprovalRequest.DoesNotExist: this service announced no such request.
    """
    request = lock_announced(agent_service, awakeable_id)
    if request.events.filter(code="decision.invalid").exists():
        return
    record(
        request,
        actor=f"agent:{agent_service.name}",
        code="decision.invalid",
        data={"problem": invalid_answer.code, "excerpt": invalid_answer.excerpt},
    )
