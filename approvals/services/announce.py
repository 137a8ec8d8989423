"""An agent announces that it waits for a person."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from approvals.errors import ContentConflict, InvalidInput, UnknownGroup
from approvals.models import AgentService, ApprovalRequest, Escalation
from approvals.notify import wake_courier
from approvals.rules.lifecycle import Status
from approvals.rules.origin import Origin
from approvals.rules.wording import worded
from approvals.services.files import keep_files
from approvals.services.found import note_late_announcement
from approvals.services.queues import put_into_queues
from approvals.services.recording import change_status, record
from restate_bridge.contract import Announcement, Kind
from restate_bridge.ids import MalformedId, signal_index
from restate_bridge.ids import awakeable_id as awakeable_id_of


@transaction.atomic
def announce_request(
    *, agent_service: AgentService, awakeable_id: str, announcement: Announcement
) -> tuple[ApprovalRequest, bool]:
    """Record a request and put it into the inbox; return it, and whether it is new.

    Announcing the same again changes nothing. What was found before it was announced, and still waits, becomes the
    agent's; what was settled as found stays as it is.

    Raises:
        ContentConflict: the id was announced before with other content, or by another service.
        UnknownGroup: a named group does not exist.
        InvalidInput: the awakeable is not one of the run's, or a file is not here or not what it is said to be.
    """
    check_belongs(awakeable_id, announcement.run.invocation_id)
    content_digest = content_digest_of(announcement)
    groups = _groups(groups_of(announcement))
    _groups(stage_groups_of(announcement))
    request, created = ApprovalRequest.objects.select_for_update(of=("self",)).get_or_create(
        awakeable_id=awakeable_id, defaults=fields_of(agent_service, awakeable_id, announcement)
    )
    is_first = created or _takes_over(request, agent_service, content_digest, announcement)
    if request.content_digest != content_digest or request.announced_by_id != agent_service.pk:
        raise ContentConflict(f"{awakeable_id} was announced before with other content")
    if not is_first:
        return request, False
    keep_files(announcement.files)
    put_into_queues((request, group) for group in groups)
    _plan_escalations(request, announcement)
    record(request, actor=f"agent:{agent_service.name}", code="request.announced", data={"digest": request.digest})
    if announcement.supersedes:
        _supersede(announcement.supersedes, request, agent_service)
    wake_courier()
    return request, True


def groups_of(announcement: Announcement) -> Sequence[str]:
    """Return the names of the groups that decide."""
    return announcement.groups or [settings.DEFAULT_GROUP]


def stage_groups_of(announcement: Announcement) -> Sequence[str]:
    """Return the names of the groups that its stages ask or remind."""
    return [name for stage in announcement.escalations for name in (*stage.groups, *stage.remind)]


def fields_of(agent_service: AgentService, awakeable_id: str, announcement: Announcement) -> dict[str, Any]:
    """Return what a new request is made of, besides its awakeable."""
    return {
        "announcement_id": awakeable_id,
        "announced_by": agent_service,
        "content_digest": content_digest_of(announcement),
        "check_at": timezone.now(),
        **_columns(announcement),
    }


def _takes_over(
    request: ApprovalRequest, agent_service: AgentService, content_digest: str, announcement: Announcement
) -> bool:
    """Tell whether a request that was found is the agent's from now on; one that was settled only hears of it."""
    if not request.is_found or request.announced_by_id is not None:
        return False
    if not request.is_pending:
        note_late_announcement(request, agent_service, content_digest)
        return False
    request.groups.clear()
    columns = {"origin": Origin.ANNOUNCED, "announced_by": agent_service, "content_digest": content_digest}
    for name, value in {**columns, **_columns(announcement)}.items():
        setattr(request, name, value)
    request.save()
    return True


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


def content_digest_of(announcement: Announcement) -> str:
    """Return the digest of what is decided upon.

    Context and files are left out: a repeated step may see other times, and an artifact that was saved anew.
    """
    content = announcement.model_dump(mode="json", exclude={"context", "context_left_out", "files", "sealed"})
    # As before there were any: what was announced to an older inbox may be repeated to this one.
    if not announcement.reject_reasons:
        del content["reject_reasons"]
    if not announcement.together:
        del content["together"]
    if not announcement.run.case_run:
        del content["run"]["case_run"], content["run"]["case_name"]
    return _digest(content)


def _digest(content: object) -> str:
    # Not the contract's canonical form: a schema may hold bounds that it refuses, and both sides of a comparison come
    # from the same model.
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
    story = ("requester", "reason", "context", "context_left_out", "kind", "reject_reasons")
    along = ("together", "files", "sealed")
    deadline = announcement.deadline_seconds
    question = announcement.question
    return {
        **{name: wire[name] for name in (*same, *story, *along)},
        **wire["run"],
        "schema_digest": _digest(wire["arguments_schema"]),
        "deadline_at": timezone.now() + timedelta(seconds=deadline) if deadline else None,
        "question": question.text if question and announcement.kind is Kind.QUESTION else "",
        "choices": question.choices if question else [],
    }


def stages_of(request: ApprovalRequest, announcement: Announcement) -> list[Escalation]:
    """Return the stages on the way to the deadline, not saved."""
    return [
        Escalation(
            request=request,
            due_at=request.announced_at + timedelta(seconds=stage.after_seconds),
            groups=stage.groups,
            remind=stage.remind,
        )
        for stage in announcement.escalations
    ]


def _plan_escalations(request: ApprovalRequest, announcement: Announcement) -> None:
    stages = Escalation.objects.bulk_create(stages_of(request, announcement))
    if stages:
        request.escalates_at = stages[0].due_at
        request.save(update_fields=["escalates_at"])


def _supersede(awakeable_id: str, request: ApprovalRequest, agent_service: AgentService) -> None:
    """Link the request that this one replaces; withdraw it if it still waits."""
    old = (
        ApprovalRequest.objects.select_for_update()
        .filter(awakeable_id=awakeable_id, announced_by=agent_service, superseded_by=None)
        .exclude(pk=request.pk)
        .first()
    )
    if old is None:
        return
    old.superseded_by = request
    old.save(update_fields=["superseded_by"])
    actor = f"agent:{agent_service.name}"
    if old.is_pending:
        change_status(
            old, Status.WITHDRAWN, actor=actor, data={"reason": worded("asked again"), "superseded_by": request.pk}
        )
    else:
        record(old, actor=actor, code="request.asked_again", data={"superseded_by": request.pk})
