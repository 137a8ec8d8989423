"""An agent announces that it waits for a person."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from approvals.errors import ContentConflict, InvalidInput, UnknownGroup
from approvals.models import AgentService, ApprovalRequest, Escalation
from approvals.notify import wake_courier
from approvals.rules.lifecycle import Status
from approvals.services.recording import change_status, record
from restate_bridge.contract import Announcement, Kind
from restate_bridge.ids import MalformedId, signal_index
from restate_bridge.ids import awakeable_id as awakeable_id_of


@transaction.atomic
def announce_request(
    *, agent_service: AgentService, awakeable_id: str, announcement: Announcement
) -> tuple[ApprovalRequest, bool]:
    """Record a request and put it into the inbox; return it, and whether it is new.

    Announcing the same again changes nothing.

    Raises:
        ContentConflict: the id was announced before with other content, or by another service.
        UnknownGroup: a named group does not exist.
        InvalidInput: the awakeable is not one of the run's.
    """
    check_belongs(awakeable_id, announcement.run.invocation_id)
    content_digest = _content_digest(announcement)
    groups = _groups(announcement.groups or [settings.DEFAULT_GROUP])
    _groups([name for stage in announcement.escalations for name in (*stage.groups, *stage.remind)])
    request, created = ApprovalRequest.objects.get_or_create(
        awakeable_id=awakeable_id,
        defaults={
            "announcement_id": awakeable_id,
            "announced_by": agent_service,
            "content_digest": content_digest,
            "check_at": timezone.now(),
            **_columns(announcement),
        },
    )
    if not created:
        if request.content_digest != content_digest or request.announced_by_id != agent_service.pk:
            raise ContentConflict(f"{awakeable_id} was announced before with other content")
        return request, False
    request.groups.set(groups)
    _plan_escalations(request, announcement)
    record(request, actor=f"agent:{agent_service.name}", code="request.announced", data={"digest": request.digest})
    if announcement.supersedes:
        _supersede(announcement.supersedes, request)
    wake_courier()
    return request, True


def check_belongs(awakeable: str, invocation_id: str) -> None:
    """Refuse an awakeable of another run: its page would show, and its delivery go by, a foreign journal.

    Raises:
        InvalidInput: it is one.
    """
    try:
        belongs = awakeable_id_of(invocation_id, signal_index(awakeable)) == awakeable
    except (MalformedId, OverflowError):
        belongs = False
    if not belongs:
        raise InvalidInput("run.invocation_id", "the awakeable is not one of this run's")


def _content_digest(announcement: Announcement) -> str:
    """Digest what is decided upon. The context is left out: a repeated step may see other times in it."""
    content = announcement.model_dump(mode="json", exclude={"context", "context_left_out"})
    # Not the contract's canonical form: a schema may hold bounds that it refuses, and both sides of this comparison
    # come from the same model.
    return "sha256:" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _groups(names: Sequence[str]) -> list[Group]:
    found = {group.name: group for group in Group.objects.filter(name__in=names)}
    for name in names:
        if name not in found:
            raise UnknownGroup(name)
    return list(found.values())


def _columns(announcement: Announcement) -> dict[str, object]:
    wire = announcement.model_dump(mode="json")
    same = ("title", "agent", "tool", "arguments", "arguments_schema", "editable", "digest", "risk", "quorum")
    deadline = announcement.deadline_seconds
    question = announcement.question
    return {
        **{name: wire[name] for name in (*same, "requester", "reason", "context", "context_left_out", "kind")},
        **wire["run"],
        "deadline_at": timezone.now() + timedelta(seconds=deadline) if deadline else None,
        "question": question.text if question and announcement.kind is Kind.QUESTION else "",
        "choices": question.choices if question else [],
    }


def _plan_escalations(request: ApprovalRequest, announcement: Announcement) -> None:
    stages = Escalation.objects.bulk_create(
        Escalation(
            request=request,
            due_at=request.announced_at + timedelta(seconds=stage.after_seconds),
            groups=stage.groups,
            remind=stage.remind,
        )
        for stage in announcement.escalations
    )
    if stages:
        request.escalates_at = stages[0].due_at
        request.save(update_fields=["escalates_at"])


def _supersede(awakeable_id: str, request: ApprovalRequest) -> None:
    """Link the request that this one replaces; withdraw it if it still waits."""
    old = (
        ApprovalRequest.objects.select_for_update()
        .filter(awakeable_id=awakeable_id, announced_by=request.announced_by, superseded_by=None)
        .exclude(pk=request.pk)
        .first()
    )
    if old is None:
        return
    old.superseded_by = request
    old.save(update_fields=["superseded_by"])
    actor = f"agent:{request.announced_by.name}"
    if old.is_pending:
        change_status(old, Status.WITHDRAWN, actor=actor, data={"reason": "asked again", "superseded_by": request.pk})
    else:
        record(old, actor=actor, code="request.asked_again", data={"superseded_by": request.pk})
