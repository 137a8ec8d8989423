"""Runs that are restarted from every step of their journals, with every part real."""

from functools import partial
from typing import Any

import httpx
import pytest

from restate_bridge.introspection import JournalEntry, read_journal
from tests.house.desk import Desk
from tests.house.house import House, eventually
from tests.house.people import Person

HOTEL = "Please reimburse 1,800 USD for a hotel, three nights during the customer workshop."
# Asks twice: what to do about the receipt, and whether to pay.
TWO_INVOICES = "Pay A-17 of Nordwind for 1,200 EUR and A-19 of Acme for 900 EUR"
LOST = "I would like to claim a dinner of 1,320 USD for which I lost the receipt."


@pytest.fixture
def desk(house: House, reviewer: Person) -> Desk:
    return Desk(house, reviewer)


@pytest.mark.parametrize(
    ("message", "asks"), [(HOTEL, 1), (LOST, 2)], ids=["one approval", "a question and an approval"]
)
def test_a_restart_from_every_step_has_one_live_request_or_keeps_the_decision(
    house: House, desk: Desk, message: str, asks: int
) -> None:
    scout = house.ask(message, session=f"restart-{asks}")
    desk.work_off([scout])
    steps = range(len(read_journal(house.admin, scout)))
    runs = [house.ask(message, session=f"restart-{asks}-{step}") for step in steps]
    desk.work_off(runs)
    restarted = [_restart(house, run, step) for run, step in zip(runs, steps, strict=True)]
    desk.work_off(restarted)
    for run, again, step in zip(runs, restarted, steps, strict=True):
        kept = _check(house, run, again, step)
        payments = house.payments(f"restart-{asks}-{step}")
        # Asked again means approved again, so it may be paid again: a model that is asked anew makes a new call.
        assert len(payments) == 1 if kept else 1 <= len(payments) <= 2, f"step {step}: {payments}"


def test_a_restart_of_several_that_were_answered_together_keeps_each_with_what_came_of_it(
    house: House, reviewer: Person
) -> None:
    run = house.ask(TWO_INVOICES, session="restart-together", service="Payables")
    waiting = eventually(lambda: rows if len(rows := _asked(house, run)) == 2 else [], what="two requests")
    house.kill("agents")
    for row in waiting:
        assert reviewer.decide(row["id"], "approve").status_code == 200
        house.wait_for_delivery(row["id"], "sent")
    house.start("agents")
    eventually(lambda: house.run_status(run) == "completed", what="the run ends")
    journal = read_journal(house.admin, run)
    acknowledged = [entry.index for entry in journal if entry.name.startswith("acknowledge decision")]
    assert len(acknowledged) == 2
    assert [entry.index for entry in journal if _is_decision(entry)][-1] < acknowledged[0]
    for step in range(acknowledged[0] - 1, len(journal)):
        again = _restart(house, run, step)
        eventually(partial(_has_ended, house, again), what=f"step {step} ends")
        assert [row["state"] for row in _requests(house, again)] == ["done", "done"], f"step {step}"


def _has_ended(house: House, run: str) -> bool:
    return house.run_status(run) == "completed"


def _asked(house: House, run: str) -> list[dict[str, Any]]:
    return house.rows("SELECT * FROM approvals_approvalrequest WHERE invocation_id = %s ORDER BY id", run)


def _restart(house: House, run: str, step: int) -> str:
    url = f"{house.env['RESTATE_ADMIN_URL']}/invocations/{run}/restart-as-new?from={step}"
    answer = httpx.patch(url, trust_env=False)
    assert answer.is_success, f"step {step}: {answer.text}"
    return str(answer.json()["new_invocation_id"])


def _check(house: House, run: str, again: str, step: int) -> bool:
    """Check that what was decided up to the step is kept, all else asked again, and both linked to what was.

    Return whether the approval, which is the last that was asked, is kept.
    """
    [ended] = house.admin.query(f"SELECT * FROM sys_invocation WHERE id = '{again}'")  # noqa: S608
    assert (ended["completion_result"], ended.get("last_failure")) == ("success", None), f"step {step}: {ended}"
    signals = [entry.index for entry in read_journal(house.admin, run) if _is_decision(entry)]
    was, now = _requests(house, run), _requests(house, again)
    assert len(was) == len(now) == len(signals), f"step {step}"
    for old, new, signal in zip(was, now, signals, strict=True):
        assert (new["kept_from"] == old["decision"]) == (step >= signal), f"step {step}, signal {signal}"
        assert new["state"] == "done", f"step {step}, signal {signal}"
        assert _linked_to(house, new["id"]) == old["id"]
    return now[-1]["kept_from"] is not None


def _is_decision(entry: JournalEntry) -> bool:
    return entry.kind == "Notification: Signal"


def _requests(house: House, run: str) -> list[dict[str, Any]]:
    sql = (
        "SELECT request.id, decision.id AS decision, decision.kept_from_id AS kept_from, delivery.state "
        "FROM approvals_approvalrequest request "
        "JOIN approvals_decision decision ON decision.request_id = request.id AND decision.settles "
        "JOIN approvals_delivery delivery ON delivery.request_id = request.id "
        "WHERE request.invocation_id = %s ORDER BY request.id"
    )
    return house.rows(sql, run)


def _linked_to(house: House, request_id: int) -> int:
    """Wait until a request is linked to what was asked before the restart, and return that."""
    sql = "SELECT restarted_from_id FROM approvals_approvalrequest WHERE id = %s AND restarted_from_id IS NOT NULL"
    found = eventually(lambda: house.rows(sql, request_id), what=f"the link of #{request_id} to what was")
    return int(found[0]["restarted_from_id"])
