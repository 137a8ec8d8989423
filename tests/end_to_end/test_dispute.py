"""A team's case, end to end: each process is killed with -9 in the middle, and nothing changes."""

import json
from typing import Any

import pytest

from tests.house.house import House, eventually
from tests.house.people import Person

DISPUTE = "2,300 EUR at Nightfall Electronics is not mine"


def pending(house: House, run: str) -> dict[str, int]:
    sql = "SELECT id, tool FROM approvals_approvalrequest WHERE case_run = %s AND status = 'pending'"
    return {row["tool"]: row["id"] for row in house.rows(sql, run)}


def done(house: House, session: str) -> list[str]:
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in house.ledger.with_name("dispute-desk.jsonl").read_text().splitlines()
    ]
    return sorted(line["what"] for line in lines if line["key"].startswith((f"{session}.", f"{session}/")))


@pytest.mark.parametrize("name", ["agents", "web", "courier", "restate", "postgres"])
def test_a_process_killed_in_the_middle_of_a_case_changes_nothing(house: House, reviewer: Person, name: str) -> None:
    session = f"dispute-{name}"
    run = house.ask(DISPUTE, session=session, service="Dispute")
    eventually(lambda: set(pending(house, run)) == {"request_slip", "freeze_card"}, what="both specialists ask")
    house.kill(name)
    house.start(name)
    eventually(lambda: reviewer.get(f"/cases/{run}/").status_code == 200)
    for request_id in pending(house, run).values():
        assert reviewer.decide(request_id, "approve").status_code == 200
    eventually(lambda: set(pending(house, run)) == {"refund"}, what="the refund is asked for", within=60)
    assert f"case Dispute/{session}" in reviewer.get("/?agent=dispute_agent").text
    assert reviewer.decide(pending(house, run)["refund"], "approve").status_code == 200
    eventually(lambda: house.run_status(run) == "completed", within=60)
    assert done(house, session) == ["card frozen", "refunded", "slip requested"]
    asked = house.rows("SELECT tool FROM approvals_approvalrequest WHERE case_run = %s ORDER BY tool", run)
    assert [row["tool"] for row in asked] == ["freeze_card", "refund", "request_slip"]
