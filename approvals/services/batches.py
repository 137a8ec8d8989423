"""The agents' verbs for many requests at a time: one transaction for all that is as it mostly is.

What is out of the ordinary is left out here, and left to the verb for one: a repeated announcement, one with files or
stages or in the place of another, a decision that does not stand, a report that came before. So each rule stands once.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from approvals.errors import InvalidInput
from approvals.models import AgentService, ApprovalRequest, AuditEvent, Delivery, RequestGroup
from approvals.notify import wake_courier
from approvals.rules.lifecycle import DeliveryState
from approvals.services.acknowledge import RECEIVED_FIELDS, receive, refusal_of
from approvals.services.announce import check_belongs, fields_of, groups_of
from approvals.services.recording import LARGE, Data
from approvals.services.report import FINISHED_FIELDS, finish
from restate_bridge.contract import Acknowledgement, Announcement, Report

type _Delivered = dict[str, tuple[ApprovalRequest, Delivery]]


def announce_new(
    *, agent_service: AgentService, announcements: Mapping[str, Announcement]
) -> dict[str, ApprovalRequest]:
    """Put what is new and plain into the inbox; return the requests by awakeable id, without what was left out."""
    groups = {group.name: group for group in Group.objects.filter(name__in=_names(announcements.values()))}
    plain = {
        awakeable_id: announcement
        for awakeable_id, announcement in announcements.items()
        if _is_plain(awakeable_id, announcement) and groups.keys() >= set(groups_of(announcement))
    }
    try:
        return _announce_all(agent_service, plain, groups) if plain else {}
    except IntegrityError:  # One of them was announced, or found, at the same moment.
        return {}


def _names(announcements: Iterable[Announcement]) -> set[str]:
    return {name for announcement in announcements for name in groups_of(announcement)}


def _is_plain(awakeable_id: str, announcement: Announcement) -> bool:
    try:
        check_belongs(awakeable_id, announcement.run.invocation_id)
    except InvalidInput:
        return False
    return not (announcement.supersedes or announcement.files or announcement.escalations)


@transaction.atomic
def _announce_all(
    agent_service: AgentService, announcements: Mapping[str, Announcement], groups: Mapping[str, Group]
) -> dict[str, ApprovalRequest]:
    known = set(ApprovalRequest.objects.filter(awakeable_id__in=announcements).values_list("awakeable_id", flat=True))
    # In one order, so that two that announce the same don't wait for each other.
    new = {key: announcements[key] for key in sorted(announcements) if key not in known}
    requests = ApprovalRequest.objects.bulk_create(
        ApprovalRequest(awakeable_id=awakeable_id, **fields_of(agent_service, awakeable_id, announcement))
        for awakeable_id, announcement in new.items()
    )
    RequestGroup.objects.bulk_create(
        RequestGroup(request=request, group=groups[name])
        for request in requests
        for name in dict.fromkeys(groups_of(new[request.awakeable_id]))
    )
    _record(agent_service, "request.announced", {request: {"digest": request.digest} for request in requests})
    if requests:
        wake_courier()
    return {request.awakeable_id: request for request in requests}


@transaction.atomic
def acknowledge_standing(*, agent_service: AgentService, acknowledged: Mapping[str, Acknowledgement]) -> set[str]:
    """Note which decisions the agents have received; return the awakeables of those that stand."""
    standing = {
        awakeable_id: (request, delivery)
        for awakeable_id, (request, delivery) in _locked(agent_service, acknowledged).items()
        if not refusal_of(request, delivery, acknowledged[awakeable_id])
    }
    first = [(request, delivery) for request, delivery in standing.values() if delivery.received_at is None]
    for _, delivery in first:
        receive(delivery)
    Delivery.objects.bulk_update([delivery for _, delivery in first], RECEIVED_FIELDS)
    said = {request: acknowledged[request.awakeable_id].model_dump() for request, _ in first}
    _record(agent_service, "delivery.received", said)
    return set(standing)


@transaction.atomic
def report_results(*, agent_service: AgentService, reports: Mapping[str, Report]) -> set[str]:
    """Note what came of decisions that were received; return the awakeables of those that were not reported before."""
    received = {
        awakeable_id: (request, delivery)
        for awakeable_id, (request, delivery) in _locked(agent_service, reports).items()
        if delivery.received_at is not None and delivery.finished_at is None
    }
    for awakeable_id, (_, delivery) in received.items():
        finish(delivery, reports[awakeable_id])
    Delivery.objects.bulk_update([delivery for _, delivery in received.values()], FINISHED_FIELDS)
    for state in _ENDS:
        told = [request for request, delivery in received.values() if delivery.state == state]
        data = {request: {"result": reports[request.awakeable_id].result} for request in told}
        _record(agent_service, f"delivery.{state}", data)
    return set(received)


_ENDS: Final = (DeliveryState.DONE, DeliveryState.FAILED)


def _locked(agent_service: AgentService, awakeables: Iterable[str]) -> _Delivered:
    """Return the requests that have a delivery, locked, by their awakeables."""
    requests = (
        ApprovalRequest.objects.select_for_update()
        .defer(*LARGE)
        .filter(awakeable_id__in=list(awakeables), announced_by=agent_service)
        .order_by("pk")
    )
    by_id = {request.pk: request for request in requests}
    deliveries = Delivery.objects.filter(request__in=by_id).select_related("decision").order_by("pk")
    return {by_id[one.request_id].awakeable_id: (by_id[one.request_id], one) for one in deliveries}


def _record(agent_service: AgentService, code: str, said: Mapping[ApprovalRequest, Data]) -> None:
    now, actor = timezone.now(), f"agent:{agent_service.name}"
    AuditEvent.objects.bulk_create(
        AuditEvent(request=request, actor=actor, code=code, at=now, data=data) for request, data in said.items()
    )
