"""What a decision changed, at its line of the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from approvals.models import ApprovalRequest, AuditEvent, Decision
from approvals.presentation.text import reveal
from approvals.presentation.values import in_words
from approvals.rules.editing import value_at


@dataclass(frozen=True, slots=True)
class Edit:
    """One argument before and after, as HTML."""

    path: str
    before: SafeString
    after: SafeString


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One event of the record, with what it changed of the arguments as they were asked."""

    event: AuditEvent
    edits: Sequence[Edit]


def record_of(
    request: ApprovalRequest, events: Sequence[AuditEvent], decisions: Sequence[Decision]
) -> list[RecordLine]:
    """Return the record with the edits of each decision.

    Args:
        decisions: all of the request, those that were taken back included.
    """
    by_id = {str(decision.pk): decision for decision in decisions}
    return [RecordLine(event, _edits(request, event.data, by_id)) for event in events]


def _edits(request: ApprovalRequest, data: Mapping[str, Any], decisions: Mapping[str, Decision]) -> list[Edit]:
    decision = decisions.get(str(data.get("decision")))
    changed = data.get("changed")
    if decision is None or decision.arguments is None or not isinstance(changed, list):
        return []
    return [
        Edit(path, _shown(request.arguments, path), _shown(decision.arguments, path))
        for path in changed
        if isinstance(path, str)
    ]


def _shown(arguments: dict[str, Any], path: str) -> SafeString:
    return reveal(in_words(value_at(arguments, path))[0])
