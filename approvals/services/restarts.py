"""A run was restarted from a step: which request is live then, and what was decided before."""

from collections.abc import Collection, Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, Decision, Delivery, Escalation
from approvals.notify import wake_courier
from approvals.rules.lifecycle import DeliveryState, Status
from approvals.rules.wording import worded
from approvals.services.acknowledge import LOOK_AFTER_RECEIVED
from approvals.services.announce import check_belongs
from approvals.services.queues import put_into_queues
from approvals.services.recording import COURIER, change_status, lock, record
from restate_bridge.contract import Rebinding, acknowledge_step, claimed_decision_id, report_step, token_in_reject_text
from restate_bridge.ids import awakeable_id, signal_index

# What a request asks, whichever run asks it.
_ASKED: Final = (
    "announcement_id",
    "announced_by",
    "content_digest",
    "kind",
    "title",
    "agent",
    "tool",
    "arguments",
    "arguments_schema",
    "schema_digest",
    "editable",
    "reject_reasons",
    "digest",
    "reason",
    "question",
    "choices",
    "context",
    "context_left_out",
    "risk",
    "quorum",
    "requester",
    "together",
    "files",
    "sealed",
)
_ANSWERED_OTHERWISE: Final = worded("something that is no valid decision had reached it before the run was restarted")
_DECIDED: Final = ("reviewer", "outcome", "note", "answer", "arguments", "digest", "decided_at")


@transaction.atomic
def rebind_request(
    *,
    agent_service: AgentService,
    announcement_id: str,
    rebinding: Rebinding,
    ancestors: Mapping[str, bool],
    answer: str | None,
    steps: Collection[str],
) -> ApprovalRequest:
    """Ask again for a run that was restarted behind its announcement, or keep the decision that it took along.

    The restarted run gets a request of its own, linked to what was. Repeating the call changes nothing.

    Args:
        ancestors: the run that was restarted, the one before, and so on, each with whether the answer stood in its
            journal already.
        answer: what completed the awakeable, if that was copied along (see `restate_bridge.restarts`).
        steps: the names of the steps that dealt with the answer and were copied along.

    Raises:
        ApprovalRequest.DoesNotExist: this service announced no such request, or not for one of the ``ancestors``.
        InvalidInput: the awakeable is not one of the run's.
    """
    check_belongs(rebinding.awakeable_id, rebinding.run.invocation_id)
    origin = _lock_origin(agent_service, announcement_id, rebinding, ancestors)
    known = ApprovalRequest.objects.filter(awakeable_id=rebinding.awakeable_id).first()
    if known is not None:
        return known
    again = _asked_again(origin, rebinding, actor=f"agent:{agent_service.name}")
    _link(again, origin, actor=f"agent:{agent_service.name}")
    if answer is None:
        wake_courier()
    elif ancestors[origin.invocation_id] and (kept := _decision_in(answer, origin)):
        _keep(again, kept, steps)
    else:
        # An awakeable is completed once: no decision could reach this one, and the agent asks again by itself.
        change_status(again, Status.WITHDRAWN, actor=COURIER, data={"reason": _ANSWERED_OTHERWISE})
    return again


@transaction.atomic
def link_restart(*, request_id: int, parent_invocation_id: str) -> None:
    """Link a request of a restarted run to the one that the run before had asked at the same place, if it did."""
    request = lock(request_id)
    if request.restarted_from_id is not None:
        return
    asked_before = awakeable_id(parent_invocation_id, signal_index(request.awakeable_id))
    origin = (
        ApprovalRequest.objects.select_for_update(of=("self",))
        .filter(awakeable_id=asked_before, announced_by=request.announced_by_id)
        .first()
    )
    if origin is not None:
        _link(request, origin, actor=COURIER)


def _lock_origin(
    agent_service: AgentService, announcement_id: str, rebinding: Rebinding, ancestors: Mapping[str, bool]
) -> ApprovalRequest:
    """Return what the nearest ancestor asked that ever came to ask: one may have been killed before it did."""
    index = signal_index(rebinding.awakeable_id)
    asked = {
        request.invocation_id: request
        for request in ApprovalRequest.objects.select_for_update()
        .filter(
            announced_by=agent_service,
            announcement_id=announcement_id,
            awakeable_id__in=[awakeable_id(run, index) for run in ancestors],
        )
        .order_by("pk")
    }
    for run in ancestors:
        if run in asked:
            return asked[run]
    raise ApprovalRequest.DoesNotExist


def _asked_again(origin: ApprovalRequest, rebinding: Rebinding, *, actor: str) -> ApprovalRequest:
    again = ApprovalRequest.objects.create(
        **{name: getattr(origin, name) for name in _ASKED},
        **rebinding.run.model_dump(),
        awakeable_id=rebinding.awakeable_id,
        check_at=timezone.now(),
    )
    later = again.announced_at - origin.announced_at
    again.deadline_at = origin.deadline_at + later if origin.deadline_at else None
    put_into_queues((again, group) for group in origin.groups.exclude(name__in=_asked_later(origin)))
    stages = Escalation.objects.bulk_create(
        Escalation(request=again, due_at=stage.due_at + later, groups=stage.groups, remind=stage.remind)
        for stage in origin.escalations.all()
    )
    again.escalates_at = stages[0].due_at if stages else None
    again.save(update_fields=["deadline_at", "escalates_at"])
    data = {"digest": again.digest, "restarted_from": origin.pk}
    record(again, actor=actor, code="request.announced", data=data)
    return again


def _asked_later(origin: ApprovalRequest) -> set[str]:
    """Return the groups that came in by escalation: the stages begin anew."""
    escalated = origin.events.filter(code="request.escalated").values_list("data", flat=True)
    return {name for data in escalated for name in data["groups"]}


def _link(again: ApprovalRequest, origin: ApprovalRequest, *, actor: str) -> None:
    """Link a request to the one that it follows, and take that one out of the inbox if it still waits."""
    again.restarted_from = origin
    again.save(update_fields=["restarted_from"])
    data = {"restarted_as": again.pk, "run": again.invocation_id}
    if origin.is_pending:
        reason = {"reason": worded("the run was restarted and asked again")}
        change_status(origin, Status.WITHDRAWN, actor=actor, data=reason | data)
    record(origin, actor=actor, code="request.restarted", data=data)


def _decision_in(answer: str, origin: ApprovalRequest) -> Decision | None:
    """Return the decision that the journal took along, if it is the one that settled what was asked before.

    The agent verifies it; here it only has to be that very one, since an older one for the same announcement may have
    reached the run and been refused.
    """
    settled = origin.decisions.filter(settles=True).select_related("kept_from__delivery", "delivery").first()
    if settled is None or str(settled.signed_id) != claimed_decision_id(token_in_reject_text(answer)):
        return None
    return settled.kept_from or settled


def _keep(again: ApprovalRequest, kept: Decision, steps: Collection[str]) -> None:
    """Settle the restarted run's request by the decision that it took along, as far as the run had got with it."""
    copied = {name: getattr(kept, name) for name in _DECIDED}
    decision = Decision.objects.create(request=again, kept_from=kept, settles=True, **copied)
    data = {"decision": str(kept.pk), "kept_from": kept.request_id}
    change_status(again, Status(kept.outcome), actor=COURIER, code="request.decision_kept", data=data)
    now = timezone.now()
    delivery = Delivery(request=again, decision=decision, queued_at=now, claimed_at=now, sent_at=now)
    delivery.state, delivery.due_at = DeliveryState.SENT, now
    if acknowledge_step(again.tool) in steps:
        delivery.state, delivery.received_at = DeliveryState.RECEIVED, now
        delivery.due_at = now + LOOK_AFTER_RECEIVED
    if report_step(again.tool) in steps and kept.delivery.finished_at is not None:
        delivery.state, delivery.finished_at = kept.delivery.state, now
        delivery.due_at, delivery.result = None, kept.delivery.result
    delivery.save(force_insert=True)
