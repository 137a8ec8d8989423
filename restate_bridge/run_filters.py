"""Which runs a list holds, and where in it a page begins, as conditions of the engine's SQL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from restate_bridge import sql
from restate_bridge.ids import is_invocation_id
from restate_bridge.listed_run import STATE, Place, RunState


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs a list holds. What is empty or None does not matter.

    Attributes:
        ids: one of these.
        states: in one of these; empty for all that go on.
        service, handler, key, deployment: exactly these.
        words: each occurs in the run's target (service, key and handler), or is its id, or that's beginning.
        created_before: made before this time.
    """

    ids: Collection[str] = ()
    states: Collection[RunState] = ()
    service: str = ""
    handler: str = ""
    key: str = ""
    deployment: str = ""
    words: str = ""
    created_before: datetime | None = None


def conditions_of(wanted: RunFilter, *, of_states: bool = True) -> list[str]:
    exactly = {
        "run.target_service_name": wanted.service,
        "run.target_handler_name": wanted.handler,
        "run.target_service_key": wanted.key,
        "run.pinned_deployment_id": wanted.deployment,
    }
    conditions = [f"{column} = {sql.literal(value)}" for column, value in exactly.items() if value]
    if wanted.ids:
        conditions.append(f"run.id IN ({sql.ids(wanted.ids)})")
    conditions += [_occurs(word) for word in wanted.words.split() if word != "/"]
    if wanted.created_before:
        conditions.append(f"run.created_at < {sql.instant(wanted.created_before)}")
    if of_states:
        states = ", ".join(f"'{RunState(state)}'" for state in sorted(wanted.states))
        conditions.append(f"{STATE} IN ({states})" if states else "run.status <> 'completed'")
    return conditions


def _occurs(word: str) -> str:
    if is_invocation_id(word):
        return f"run.id IN ({sql.ids([word])})"
    # An id is shown by its beginning and its end.
    begin, is_cut, end = word.partition("…")
    if begin.startswith("inv_"):
        ends = f" AND ends_with(run.id, {sql.literal(end)})" if is_cut else ""
        return f"(starts_with(run.id, {sql.literal(begin)}){ends})"
    return f"contains(lower(run.target), lower({sql.literal(word)}))"


def behind(place: Place | None) -> list[str]:
    if place is None:
        return []
    at, known = sql.instant(place.created_at), sql.literal(place.id)
    return [f"(run.created_at < {at} OR (run.created_at = {at} AND run.id < {known}))"]
