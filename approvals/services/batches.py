"""The agents' verbs for many requests at a time: one transaction for all that is as it mostly is.

What is out of the ordinary is left out here, and left to the verb for one: an announcement with files or in the place
of another, a decision that does not stand, a request that somebody else is busy with. So each rule stands once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.utils import timezone

from approvals.errors import InvalidInput
from approvals.models import AgentService, ApprovalRequest, AuditEvent, Delivery, Escalation
from approvals.notify import wake_courier
from approvals.rules.lifecycle import DeliveryState
from approvals.services.acknowledge import RECEIVED_FIELDS, receive, refusal_of
from approvals.services.announce import (
    check_belongs,
    content_digest_of,
    fields_of,
    groups_of,
    stage_groups_of,
    stages_of,
)
from approvals.services.patience import impatient
from approvals.services.queues import put_into_queues
from approvals.services.recording import LARGE, Data, save_deliveries
from approvals.services.report import FINISHED_FIELDS, finish
from restate_bridge.contract import Acknowledgement, Announcement, Report

type _Delivered = dict[str, tuple[ApprovalRequest, Delivery]]
#: Requests by their awakeables, and whether they are new.
type Announced = dict[str, tuple[ApprovalRequest, bool]]

_ENDS: Final = (DeliveryState.DONE, DeliveryState.FAILED)


def announce_plain(*, agent_service: AgentService, announcements: Mapping[str, Announcement]) -> Announced:
    """Put what is plain into the inbox, and find what came before; return it without what was left out."""
    groups = {group.name: group for group in Group.objects.filter(name__in=_names(announcements.values()))}
    plain = {
        awakeable_id: announcement
        for awakeable_id, announcement in announcements.items()
        if _is_plain(awakeable_id, announcement) and groups.keys() >= _names([announcement])
    }
    try:
        return _announce_all(agent_service, plain, groups)
    except IntegrityError:
        # Some were announced, or found, at the same moment. By now they are known.
        return _announce_all(agent_service, plain, groups)


def _names(announcements: Iterable[Announcement]) -> set[str]:
    return {name for one in announcements for name in (*groups_of(one), *stage_groups_of(one))}


def _is_plain(awakeable_id: str, announcement: Announcement) -> bool:
    try:
        check_belongs(awakeable_id, announcement.run.invocation_id)
    except InvalidInput:
        return False
    return not (announcement.supersedes or announcement.files)


@impatient
def _announce_all(
    agent_service: AgentService, announcements: Mapping[str, Announcement], groups: Mapping[str, Group]
) -> Announced:
    known = {
        request.awakeable_id: request
        for request in ApprovalRequest.objects.filter(awakeable_id__in=announcements).defer(*LARGE)
    }
    # In one order, so that two that announce the same don't wait for each other.
    new = {key: announcements[key] for key in sorted(announcements) if key not in known}
    requests = ApprovalRequest.objects.bulk_create(
        ApprovalRequest(awakeable_id=awakeable_id, **fields_of(agent_service, awakeable_id, announcement))
        for awakeable_id, announcement in new.items()
    )
    if requests:
        put_into_queues(
            (request, groups[name])
            for request in requests
            for name in dict.fromkeys(groups_of(new[request.awakeable_id]))
        )
        _plan_stages(requests, new)
        _record(agent_service, "request.announced", {request: {"digest": request.digest} for request in requests})
        wake_courier()
    repeated = {
        key: (request, False)
        for key, request in known.items()
        if not request.is_found
        and request.announced_by_id == agent_service.pk
        and request.content_digest == content_digest_of(announcements[key])
    }
    return {request.awakeable_id: (request, True) for request in requests} | repeated


def _plan_stages(requests: Sequence[ApprovalRequest], announced: Mapping[str, Announcement]) -> None:
    staged = [request for request in requests if announced[request.awakeable_id].escalations]
    if not staged:
        return
    stages = {request: stages_of(request, announced[request.awakeable_id]) for request in staged}
    Escalation.objects.bulk_create(stage for some in stages.values() for stage in some)
    for request, some in stages.items():
        request.escalates_at = some[0].due_at
    ApprovalRequest.objects.bulk_update(staged, ["escalates_at"])


@impatient
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
    save_deliveries([delivery for _, delivery in first], RECEIVED_FIELDS)
    said = {request: acknowledged[request.awakeable_id].model_dump() for request, _ in first}
    _record(agent_service, "delivery.received", said)
    return set(standing)


@impatient
def report_results(*, agent_service: AgentService, reports: Mapping[str, Report]) -> set[str]:
    """Note what came of decisions that were received, each once; return the awakeables of all that were received."""
    received = {
        awakeable_id: (request, delivery)
        for awakeable_id, (request, delivery) in _locked(agent_service, reports).items()
        if delivery.received_at is not None
    }
    first = [(request, delivery) for request, delivery in received.values() if delivery.finished_at is None]
    for request, delivery in first:
        finish(delivery, reports[request.awakeable_id])
    save_deliveries([delivery for _, delivery in first], FINISHED_FIELDS)
    for state in _ENDS:
        told = [request for request, delivery in first if delivery.state == state]
        data = {request: {"result": reports[request.awakeable_id].result} for request in told}
        _record(agent_service, f"delivery.{state}", data)
    return set(received)


def _locked(agent_service: AgentService, awakeables: Iterable[str]) -> _Delivered:
    """Return the requests that have a delivery, locked, by their awakeables; those that others hold are left out.

    So none waits for another's lock while it holds some itself, and who is slow with one request delays no other.
    """
    requests = (
        ApprovalRequest.objects.select_for_update(skip_locked=True)
        .defer(*LARGE)
        .filter(awakeable_id__in=list(awakeables), announced_by=agent_service)
    )
    by_id = {request.pk: request for request in requests}
    deliveries = Delivery.objects.filter(request__in=by_id).select_related("decision").order_by("pk")
    return {by_id[one.request_id].awakeable_id: (by_id[one.request_id], one) for one in deliveries}


def _record(agent_service: AgentService, code: str, said: Mapping[ApprovalRequest, Data]) -> None:
    now, actor = timezone.now(), f"agent:{agent_service.name}"
    AuditEvent.objects.bulk_create(
        AuditEvent(request=request, actor=actor, code=code, at=now, data=data) for request, data in said.items()
    )
