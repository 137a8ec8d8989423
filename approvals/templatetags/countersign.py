"""What the templates need to show facts and agents' words: thin, the work is done in `approvals.presentation`."""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from approvals.deadlines import NEAR
from approvals.forms.arguments import ArgumentsForm
from approvals.forms.parts import Part
from approvals.forms.places import part_for
from approvals.models import ApprovalRequest, AuditEvent, Decision, Delivery
from approvals.outages import DATABASE_AWAY
from approvals.people import display_name
from approvals.presentation import files, history, people, record, runs, steps, text, times, travel, words
from approvals.presentation.engine import Trouble, trouble_in
from approvals.presentation.run_states import STATE_WORDS
from approvals.presentation.values import FOLD_AFTER, Row, beginning, rows_for
from approvals.presentation.values import in_words as value_in_words
from approvals.rules.eligibility import Obstacle
from approvals.rules.lifecycle import Status
from approvals.selectors.engine import engine_sight
from approvals.selectors.runs import RunView
from approvals.views.refusals import OBSTACLES
from restate_bridge.listed_run import RunState

logger = logging.getLogger(__name__)
register = template.Library()

register.filter("duration", times.duration)
register.filter("status_words", words.status_in_words)
register.filter("state_words", words.state_in_words)
register.filter("risk_words", words.risk_in_words)
register.filter("verdict_words", words.verdict_in_words)
register.filter("reason_words", record.event_reason)
register.filter("steps", steps.steps_of)
register.filter("summary_words", history.summary_of)
register.filter("contrasts", history.contrasts_of)
register.filter("more_differences", history.more_differences)
register.filter("shown_files", files.files_in)
register.filter("still_able_words", people.still_able_in_words)


@register.filter
def reveal(value: object) -> SafeString:
    """Escape, and make invisible and bidirectional characters visible."""
    return text.reveal(str(value))


@register.filter
def prose(value: str) -> SafeString:
    """Show an agent's words: simple Markdown, nothing that runs, links or hides."""
    return text.prose(value)


@register.filter
def as_text(value: Any) -> str:
    """Return a JSON value as text, indented; still to be revealed."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


@register.filter
def is_long(value: str) -> bool:
    """Tell whether a text is folded."""
    return len(value) > FOLD_AFTER


@register.filter
def opening(value: str) -> SafeString:
    """Return the beginning of a long text, its hidden characters visible, for a closed fold."""
    return text.reveal(beginning(value))


@register.filter
def as_time(value: str | None) -> datetime | None:
    """Return the time that a JSON string holds."""
    return datetime.fromisoformat(value) if value else None


@register.filter
def result_rows(result: Any) -> list[Row]:
    """Return what a tool returned as rows; a value that is no object is one row without a name."""
    if isinstance(result, dict):
        return rows_for(result, result)
    value, kind = value_in_words(result)
    return [Row(path="", label="", shown=text.reveal(value), kind=kind, length=len(value))]


@register.filter
def run_words(view: RunView) -> str:
    """Say how a run is doing; nothing where it is not known."""
    return runs.state_in_words(view.run, view.failing) if view.run else ""


@register.filter
def run_state_words(state: RunState) -> str:
    """Return what a run does, in words."""
    return str(STATE_WORDS[state])


@register.filter
def short_id(value: str) -> str:
    """Shorten an id of the engine's; the whole one belongs into a title."""
    return f"{value[:8]}…{value[-6:]}" if len(value) > 18 else value


@register.filter
def name_of(user: User | None) -> str:
    """Return how a person is called; nobody is Countersign itself."""
    return display_name(user) if user else "Countersign"


@register.filter
def obstacle_words(obstacle: Obstacle) -> str:
    """Say why somebody can't decide."""
    return str(OBSTACLES[obstacle])


@register.filter
def event_words(event: AuditEvent) -> SafeString:
    """Say who did what."""
    return record.event_as_html(event.actor, event.code, event.data)


@register.filter
def event_details(event: AuditEvent) -> dict[str, Any]:
    """Return what else is known of an event."""
    return record.event_details(event.code, event.data)


@register.filter
def withdrawal_reason(events: Iterable[AuditEvent]) -> str:
    """Return why a request was withdrawn as a sentence, empty when the record does not say."""
    withdrawals = [event for event in events if event.status_to == Status.WITHDRAWN]
    return record.event_reason(withdrawals[-1].data) if withdrawals else ""


@register.filter
def settling(decisions: Iterable[Decision]) -> Decision | None:
    """Return the decision that settled the request, if one did."""
    return next((decision for decision in decisions if decision.settles), None)


@register.filter
def part_at(form: ArgumentsForm, path: str) -> Part | None:
    """Return the part of the form in which an argument is edited, None where it can't be."""
    return part_for(path, form.parts)


@register.filter
def have_changed(rows: Sequence[Row]) -> bool:
    """Tell whether a reviewer has changed any of the arguments."""
    return any(row.was for row in rows)


@register.simple_tag
def when(at: datetime | None, form: str) -> SafeString | str:
    """Return a time as an element that the script keeps fresh (see `approvals.presentation.times`)."""
    if at is None:
        return ""
    try:
        return _element(at, form)
    except OverflowError:
        # An agent can write any time down, and at the ends of the calendar no time zone can be applied.
        return at.isoformat(sep=" ", timespec="seconds")


def _element(at: datetime, form: str) -> SafeString:
    local, now = timezone.localtime(at), timezone.localtime()
    return format_html(
        '<time datetime="{}" title="{}" data-time="{}"{}>{}</time>',
        local.isoformat(timespec="seconds"),
        times.whole(local),
        form,
        SafeString(' class="near"') if form in ("left", "remaining") and at - now < NEAR else "",
        times.in_words(local, now, form),
    )


@register.simple_tag
def time_sentences() -> str:
    """Return what the script says around times, as JSON for an attribute."""
    return json.dumps(times.sentences(), ensure_ascii=False)


@register.simple_tag
def countdown(delivery: Delivery) -> SafeString:
    """Return how soon a decision goes out, as an element that the script counts down by its own clock."""
    now = timezone.now()
    left = (delivery.due_at or now) - now
    return format_html(
        '<time datetime="{}" data-left="{}">{}</time>',
        (now + left).isoformat(timespec="seconds"),
        max(0.0, round(left.total_seconds(), 1)),
        times.countdown(left),
    )


@register.simple_tag
def engine_trouble() -> Trouble | None:
    """Return what keeps decisions from going out, None when nothing does, or when nobody can tell."""
    try:
        return trouble_in(engine_sight(), timezone.now())
    except DATABASE_AWAY:
        # Whatever else the page tells was read or done before, and is worth more than this line.
        logger.warning("it could not be looked up whether Restate is away", exc_info=True)
        return None


@register.simple_tag
def time_used(request: ApprovalRequest) -> int:
    """Return how much of the time until the deadline has passed, in percent."""
    assert request.deadline_at is not None
    return times.share_used(request.announced_at, request.deadline_at, timezone.now())


@register.simple_tag
def hours(length: timedelta) -> str:
    """Return a length of time in words."""
    return times.span(length, exact=True)


@register.filter
def travel_words(delivery: Delivery) -> str:
    """Say in a word or two how far a decision has travelled."""
    return travel.in_words(delivery)
