"""What must be true of the records at every moment, whatever happened before. Each rule says what is wrong."""

from collections.abc import Callable, Iterator
from itertools import pairwise, takewhile
from typing import Final

from approvals.rules.lifecycle import STATUS_TABLE, DeliveryState, Status
from tests.approvals.protocol.records import Records, Row

_SETTLED_BY_A_DECISION: Final = frozenset(Status) - {Status.PENDING, Status.WITHDRAWN}
_WITH_THE_AGENT: Final = {DeliveryState.RECEIVED, DeliveryState.DONE, DeliveryState.FAILED}
_FINISHED: Final = {DeliveryState.DONE, DeliveryState.FAILED}
_CARRIED_OUT: Final = ("request.escalated", "request.reminded")


def violations(records: Records) -> list[str]:
    """Return what is wrong with the records; nothing, if all is well."""
    return [
        f"request {pk} ({request['status']}): {wrong}"
        for pk, request in records.requests.items()
        for rule in RULES
        for wrong in rule(records, request)
    ]


def one_decision_settles(records: Records, request: Row) -> Iterator[str]:
    """What a decision settled has one settling decision and one delivery, of that decision; all else has neither."""
    decisions = [row for row in records.of(records.decisions, request["id"]) if row["settles"]]
    deliveries = records.of(records.deliveries, request["id"])
    wanted = int(request["status"] in _SETTLED_BY_A_DECISION)
    if (len(decisions), len(deliveries)) != (wanted, wanted):
        yield f"{len(decisions)} settling decisions and {len(deliveries)} deliveries"
    elif wanted and deliveries[0]["decision_id"] != decisions[0]["id"]:
        yield "the delivery is of another decision"
    elif wanted and decisions[0]["outcome"] != request["status"]:
        yield f"it was settled by a decision that says {decisions[0]['outcome']}"


def what_was_taken_back_settles_nothing(records: Records, request: Row) -> Iterator[str]:
    """A decision that was taken back neither settles nor travels."""
    travelling = {row["decision_id"] for row in records.deliveries.values()}
    for row in records.of(records.decisions, request["id"]):
        if row["taken_back_at"] and (row["settles"] or row["id"] in travelling):
            yield f"decision {row['id']} was taken back and still counts"


def enough_people_agreed(records: Records, request: Row) -> Iterator[str]:
    """An approval stands on as many different people as the quorum says, who agreed one after another to what runs."""
    ballots = [row for row in records.of(records.decisions, request["id"]) if not row["taken_back_at"]]
    settling = next((row for row in ballots if row["settles"]), None)
    if request["status"] != Status.APPROVED or settling is None or settling["kept_from_id"]:
        return
    last = takewhile(lambda row: row["digest"] == settling["digest"], reversed(ballots))
    if len(agreed := {row["reviewer_id"] for row in last}) < request["quorum"]:
        yield f"{len(agreed)} of {request['quorum']} people approved what will run"


def the_record_tells_how_it_got_here(records: Records, request: Row) -> Iterator[str]:
    """The status events lead from pending to where it stands, without a gap, along the table."""
    moves = [row for row in records.of(records.events, request["id"]) if row["status_to"]]
    path = [Status.PENDING, *(Status(row["status_to"]) for row in moves)]
    if [Status(row["status_from"]) for row in moves] != path[:-1] or path[-1] != request["status"]:
        yield f"its record leads to {path}, from {[row['status_from'] for row in moves]}"
    if any(new not in STATUS_TABLE[old] for old, new in pairwise(path)):
        yield f"its record breaks the table: {path}"


def its_times_fit(records: Records, request: Row) -> Iterator[str]:
    """What is pending is compared with the engine, what is settled has a time; a delivery's times fit its state."""
    pending = request["status"] == Status.PENDING
    if pending != (request["settled_at"] is None):
        yield f"settled at {request['settled_at']}"
    for row in records.of(records.deliveries, request["id"]):
        if (row["received_at"] is not None) != (row["state"] in _WITH_THE_AGENT):
            yield f"its delivery is {row['state']}, received at {row['received_at']}"
        # A failure without a time is one that nobody has reported.
        unreported = row["state"] == DeliveryState.FAILED and row["finished_at"] is None
        if (row["finished_at"] is not None) != (row["state"] in _FINISHED) and not unreported:
            yield f"its delivery is {row['state']}, finished at {row['finished_at']}"
        if row["due_at"] is None and row["state"] not in _FINISHED | {DeliveryState.UNDELIVERABLE}:
            yield f"nobody looks after its delivery, which is {row['state']}"


def stages_are_carried_out_once_in_order(records: Records, request: Row) -> Iterator[str]:
    """Each stage that was carried out has one line in the record, and none before it was left out."""
    done = [row["carried_out_at"] is not None for row in records.of(records.escalations, request["id"])]
    told = [row for row in records.of(records.events, request["id"]) if row["code"] in _CARRIED_OUT]
    if done != sorted(done, reverse=True):
        yield "a stage was left out"
    if sum(done) != len(told):
        yield f"{sum(done)} stages were carried out, and the record has {len(told)}"


def only_the_latest_waits(records: Records, request: Row) -> Iterator[str]:
    """A request in whose place another was asked waits for nobody."""
    restarted = any(row["restarted_from_id"] == request["id"] for row in records.requests.values())
    if request["status"] == Status.PENDING and (request["superseded_by_id"] or restarted):
        yield "another was asked in its place, and it still waits"


Rule = Callable[[Records, Row], Iterator[str]]
RULES: Final[tuple[Rule, ...]] = (
    one_decision_settles,
    what_was_taken_back_settles_nothing,
    enough_people_agreed,
    the_record_tells_how_it_got_here,
    its_times_fit,
    stages_are_carried_out_once_in_order,
    only_the_latest_waits,
)
