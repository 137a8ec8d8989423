"""Many runs that ask the real inbox at the same moment, and are decided at the same moment."""

from functools import partial
from typing import Any, Final

from tests.house.house import House, eventually
from tests.house.people import Person

_MANY: Final = 60


def test_each_of_many_runs_at_once_is_asked_for_decided_and_paid_once(house: House, reviewer: Person) -> None:
    before = _calls_in_batches(house)
    runs = {
        f"crowd-{number}": house.ask(f"Please reimburse {2_000 + number} EUR for a train.", session=f"crowd-{number}")
        for number in range(_MANY)
    }
    sql = "SELECT * FROM approvals_approvalrequest WHERE invocation_id = ANY(%s) ORDER BY id"
    ids = list(runs.values())
    requests = eventually(lambda: rows if len(rows := house.rows(sql, ids)) == _MANY else [], what="all requests")
    picks = [f"{row['id']}:{row['digest']}@" for row in requests]
    reviewer.send("/bulk/", {"verb": "approve", "pick": picks[: _MANY // 2]}).raise_for_status()
    reviewer.send("/bulk/", {"verb": "approve", "pick": picks[_MANY // 2 :]}).raise_for_status()
    for row in requests:
        house.wait_for_delivery(row["id"], "done")
    for number, (session, run) in enumerate(runs.items()):
        eventually(partial(_has_ended, house, run), what=f"{session} ends")
        assert [payment["claim"]["amount"] for payment in house.payments(session)] == [2_000 + number]
    # The courier writes down by itself what it has sent, perhaps after all else.
    told = ("request.announced", "request.approved", "delivery.sent", "delivery.received", "delivery.done")
    eventually(lambda: _told(house, requests) == dict.fromkeys(told, _MANY), what="each line of the record once")
    assert _calls_in_batches(house) - before > _MANY


def _has_ended(house: House, run: str) -> bool:
    return house.run_status(run) == "completed"


def _told(house: House, requests: list[dict[str, Any]]) -> dict[str, int]:
    sql = "SELECT code, count(*) AS number FROM approvals_auditevent WHERE request_id = ANY(%s) GROUP BY code"
    return {row["code"]: row["number"] for row in house.rows(sql, [row["id"] for row in requests])}


def _calls_in_batches(house: House) -> int:
    return house.processes["web"].log.count(" in a batch 2")
