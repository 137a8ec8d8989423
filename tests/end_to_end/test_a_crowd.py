"""Many runs that ask the real inbox at the same moment, and are decided at the same moment."""

from typing import Final

from tests.house.house import House, eventually
from tests.house.people import Person

_MANY: Final = 60


def test_each_of_many_runs_at_once_is_asked_for_decided_and_paid_once(house: House, reviewer: Person) -> None:
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
        eventually(lambda run=run: house.run_status(run) == "completed", what=f"{session} ends")
        assert [payment["claim"]["amount"] for payment in house.payments(session)] == [2_000 + number]
    events = house.rows(
        "SELECT code, count(*) AS number FROM approvals_auditevent WHERE request_id = ANY(%s) GROUP BY code",
        [row["id"] for row in requests],
    )
    assert {event["code"]: event["number"] for event in events} == {
        "request.announced": _MANY,
        "request.approved": _MANY,
        "delivery.sent": _MANY,
        "delivery.received": _MANY,
        "delivery.done": _MANY,
    }
