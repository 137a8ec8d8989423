"""What the console's templates need: thin, the work is done in `operations.presentation`."""

from django import template
from django.contrib.auth.models import User

from operations.models import OperatorEvent
from operations.presentation import record
from operations.presentation.control import OBSTACLES, came_to_in_words
from operations.presentation.restarting import effect_in_words
from operations.presentation.sections import Section, sections_for
from operations.presentation.signed import without_tokens
from operations.presentation.step_kinds import KINDS, StepKind
from operations.rules.control import Obstacle
from operations.selectors import places
from operations.selectors.record import Entry
from restate_bridge.listed_run import Place

register = template.Library()

register.filter("without_tokens", without_tokens)
register.filter("effect_words", effect_in_words)
register.filter("came_to_words", came_to_in_words)


@register.filter
def why_not_words(obstacle: Obstacle) -> str:
    """Return why something can't be done now, in words."""
    return str(OBSTACLES[obstacle])


@register.filter
def deed_words(what: str) -> str:
    """Return what an operator did, in words."""
    return str(record.deed_in_words(what))


@register.filter
def outcome_words(entry: Entry) -> str:
    """Return what came of what an operator did, in words."""
    return record.outcome_in_words(entry)


@register.filter
def actor_name(line: OperatorEvent) -> str:
    """Return who wrote a line of the record."""
    return record.name_of_actor(line)


@register.filter
def step_kind_words(kind: StepKind) -> str:
    """Return what kind of step it is, in words."""
    return str(KINDS[kind])


@register.filter
def as_address(place: Place) -> str:
    """Return where a page of runs begins, as its address holds it."""
    return places.written(place)


@register.simple_tag
def sections_of(user: User) -> list[Section]:
    """Return the parts of the console that somebody may see."""
    return sections_for(user)
