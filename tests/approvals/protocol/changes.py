"""What one verb may change. Each rule compares the records before and after it, and says what is wrong."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from approvals.rules.lifecycle import DELIVERY_TABLE, STATUS_TABLE, DeliveryState, Status
from tests.approvals.protocol.records import Records, Row, Table

#: Of a request, all that may change after the announcement.
_MOVING: Final = {
    "status", "settled_at", "superseded_by_id", "restarted_from_id", "check_at", "missing_since",
    "escalates_at", "reminded_at",
}  # fmt: skip


def wrong_changes(before: Records, after: Records) -> list[str]:
    """Return what must not have happened between the two."""
    return [wrong for rule in RULES for wrong in rule(before, after)]


def the_record_only_grows(before: Records, after: Records) -> Iterator[str]:
    """Every line of the record stays, word for word."""
    for key, old, new in _both(before.events, after.events):
        if old != new:
            yield f"event {key} was {old} and is {new}"


def requests_follow_the_table(before: Records, after: Records) -> Iterator[str]:
    """A status moves along the table, and is told by a line of the record; what was announced stays as it was."""
    told = [row for key, row in after.events.items() if key not in before.events]
    for key, old, new in _both(before.requests, after.requests):
        if new is None:
            yield f"request {key} is gone"
            continue
        if changed := {name for name in old if old[name] != new[name]} - _MOVING:
            yield f"request {key} has other {changed}"
        move = (old["status"], new["status"])
        if move[0] != move[1]:
            if Status(move[1]) not in STATUS_TABLE[Status(move[0])]:
                yield f"request {key} went from {move[0]} to {move[1]}"
            if [(row["status_from"], row["status_to"]) for row in told if row["request_id"] == key].count(move) != 1:
                yield f"request {key} went from {move[0]} to {move[1]}, and the record does not say so once"


def deliveries_follow_the_table(before: Records, after: Records) -> Iterator[str]:
    """A delivery moves along the table; it goes away only while no courier has touched it."""
    for key, old, new in _both(before.deliveries, after.deliveries):
        if new is None:
            if old["state"] != DeliveryState.QUEUED or old["claimed_at"]:
                yield f"delivery {key} was {old['state']}, claimed at {old['claimed_at']}, and is gone"
        elif old["decision_id"] != new["decision_id"]:
            yield f"delivery {key} carries another decision"
        elif (
            old["state"] != new["state"]
            and DeliveryState(new["state"]) not in DELIVERY_TABLE[DeliveryState(old["state"])]
        ):
            yield f"delivery {key} went from {old['state']} to {new['state']}"


def decisions_stay_as_they_were_made(before: Records, after: Records) -> Iterator[str]:
    """A decision is never changed or deleted; it can only be taken back, once."""
    for key, old, new in _both(before.decisions, after.decisions):
        if new is None:
            yield f"decision {key} is gone"
            continue
        changed = {name for name in old if old[name] != new[name]}
        taken_back = old["taken_back_at"] is None and new["taken_back_at"] is not None and not new["settles"]
        if changed - ({"settles", "taken_back_at"} if taken_back else set()):
            yield f"decision {key} has other {changed}"


def what_the_agent_has_stands(before: Records, after: Records) -> Iterator[str]:
    """Once the agent has a decision, nothing takes it back, and the request stays as it was decided."""
    with_the_agent = {row["request_id"] for row in before.deliveries.values() if row["received_at"] is not None}
    for key, old, new in _both(before.deliveries, after.deliveries):
        if old["request_id"] in with_the_agent and (new is None or new["received_at"] != old["received_at"]):
            yield f"the agent has delivery {key}, and it is {new}"
    for key, old, new in _both(before.requests, after.requests):
        if key in with_the_agent and new is not None and new["status"] != old["status"]:
            yield f"request {key} is {new['status']}, and the agent acts on what it was"


def stages_are_carried_out_for_good(before: Records, after: Records) -> Iterator[str]:
    """What was planned stays planned, what was carried out stays so; whoever may decide may go on deciding."""
    for key, old, new in _both(before.escalations, after.escalations):
        moved = new is not None and old["carried_out_at"] is None
        if new is None or {name for name in old if old[name] != new[name]} - ({"carried_out_at"} if moved else set()):
            yield f"stage {key} was {old} and is {new}"
    for key, _, new in _both(before.asked, after.asked):
        if new is None:
            yield f"asked {key} is gone"


def _both(before: Table, after: Table) -> Iterator[tuple[Any, Row, Row | None]]:
    """Yield each row of before with what it is now; None when it is gone."""
    return ((key, old, after.get(key)) for key, old in before.items())


Rule = Callable[[Records, Records], Iterator[str]]
RULES: Final[tuple[Rule, ...]] = (
    the_record_only_grows,
    requests_follow_the_table,
    deliveries_follow_the_table,
    decisions_stay_as_they_were_made,
    what_the_agent_has_stands,
    stages_are_carried_out_for_good,
)
