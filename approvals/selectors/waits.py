"""Waits that nobody announced: found through the engine alone."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import Group

from approvals.models import ApprovalRequest, WaitRule
from approvals.rules.found_wait import FoundWait
from approvals.rules.lifecycle import Status
from approvals.rules.origin import Origin
from approvals.selectors.engine import announced_among
from restate_bridge.admin import Admin
from restate_bridge.waits import Wait, announced_in_journals, open_waits

#: How long a run has waited at least before it counts as unannounced: an agent announces first, then waits.
GRACE: Final = timedelta(seconds=3)


def unannounced_among(
    admin: Admin, waits: Sequence[Wait], *, now: datetime, besides: Collection[str] = ()
) -> list[Wait]:
    """Return those waits that are open and that nobody has announced or is about to announce.

    Args:
        besides: awakeables whose requests don't matter, such as those that were found before.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    old_enough = [wait for wait in waits if now - wait.since >= GRACE]
    known = announced_among({wait.id for wait in old_enough}) - set(besides)
    candidates = open_waits(admin, [wait for wait in old_enough if wait.id not in known])
    announced = announced_in_journals(admin, candidates)
    return [wait for wait in candidates if wait.id not in announced]


def found_among(awakeable_ids: Collection[str]) -> dict[str, ApprovalRequest]:
    """Return the requests that were found for these awakeables and still wait, with their groups."""
    pending = ApprovalRequest.objects.filter(awakeable_id__in=awakeable_ids, origin=Origin.FOUND, status=Status.PENDING)
    small = pending.defer("context", "arguments", "arguments_schema", "reason")
    return {request.awakeable_id: request for request in small.prefetch_related("groups")}


def found_request(awakeable_id: str) -> FoundWait | None:
    """Return what reviewers were asked about a wait that nobody announced, None where nobody was."""
    names = [known.name for known in fields(FoundWait)]
    asked = ApprovalRequest.objects.filter(awakeable_id=awakeable_id, origin=Origin.FOUND).values(*names).first()
    return FoundWait(**asked) if asked else None


def wait_rules() -> list[WaitRule]:
    """Return the rules, with their groups."""
    return list(WaitRule.objects.prefetch_related("groups"))


def groups_asked(rules: Sequence[WaitRule], service: str, handler: str) -> list[Group]:
    """Return who is asked about the waits of a handler: by its own rule, else by its service's; else nobody."""
    by_name = {(rule.service, rule.handler): rule for rule in rules}
    rule = by_name.get((service, handler)) or by_name.get((service, ""))
    return list(rule.groups.all()) if rule else []
