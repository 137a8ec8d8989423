"""Several approvals of one tool, end to end: together and one by one, and two teams that must agree."""

import json
from typing import Any

from approvals.rules.seen import in_short
from tests.house.house import House, eventually
from tests.house.people import Person

INVOICES = (
    "Pay A-17 of Nordwind for 1,200 EUR, A-18 of Hanil for 300 EUR, A-19 of Acme for 900 EUR and "
    "B-20 of Acme for 700 EUR"
)
ACCOUNT = "Pay Nordwind to DE89370400440532013000 from now on"


def asked(house: House, run: str, number: int) -> list[dict[str, Any]]:
    sql = "SELECT * FROM approvals_approvalrequest WHERE invocation_id = %s ORDER BY id"
    return eventually(lambda: rows if len(rows := house.rows(sql, run)) == number else [], what=f"{number} requests")


def done(house: House, session: str) -> list[str]:
    book = house.ledger.with_name("payables.jsonl")
    lines = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
    return sorted(
        f"{line['what']} {line.get('number', '')}".strip() for line in lines if line["key"].startswith(f"{session}/")
    )


def ended(house: House, run: str) -> None:
    eventually(lambda: house.run_status(run) == "completed", what="the run ends")


def test_invoices_are_decided_together_and_one_by_one(house: House, reviewer: Person) -> None:
    run = house.ask(INVOICES, session="several", service="Payables")
    first, second, third = asked(house, run, 3)
    assert len({row["together"] for row in (first, second, third)}) == 1
    picks = [f"{row['id']}:{in_short(row['digest'])}@" for row in (first, third)]
    answer = reviewer.send("/bulk/", {"verb": "approve", "pick": picks})
    assert answer.status_code == 200
    house.wait_for_delivery(third["id"], "done")
    assert done(house, "several") == ["paid A-17", "paid A-18", "paid B-20"]
    assert reviewer.decide(second["id"], "reject", note="The goods have not come.").status_code == 200
    ended(house, run)
    assert done(house, "several") == ["paid A-17", "paid A-18", "paid B-20"]
    assert house.wait_for_delivery(second["id"], "done")["result"]["status"] == "rejected"


def test_an_account_is_changed_when_both_teams_have_approved(house: House, reviewer: Person) -> None:
    run = house.ask(ACCOUNT, session="agreed", service="Payables")
    first, second = asked(house, run, 2)
    assert reviewer.decide(first["id"], "approve").status_code == 200
    eventually(lambda: house.delivery_of(first["id"]).get("received_at"), what="the first is received")
    assert done(house, "agreed") == []
    assert reviewer.decide(second["id"], "approve").status_code == 200
    ended(house, run)
    assert done(house, "agreed") == ["account changed"]
    for row in (first, second):
        assert house.wait_for_delivery(row["id"], "done")["result"]["account"] == "DE89370400440532013000"


def test_what_one_team_rejects_the_other_is_asked_no_more(house: House, reviewer: Person) -> None:
    run = house.ask(ACCOUNT, session="refused", service="Payables")
    first, second = asked(house, run, 2)
    assert reviewer.decide(first["id"], "reject", note="Nobody at Nordwind knows of it.").status_code == 200
    ended(house, run)
    [_, other] = asked(house, run, 2)
    assert other["status"] == "withdrawn"
    assert "has rejected it" in reviewer.get(f"/requests/{second['id']}/").text
    assert done(house, "refused") == []
