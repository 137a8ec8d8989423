"""Everything with a journal key: Restate keeps nothing that could be read, and the pages show it as ever."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from restate_bridge.contract import is_sealed
from restate_bridge.introspection import read_journal
from restate_bridge.journal_keys import add_journal_key
from tests.house.house import House, eventually
from tests.house.people import Person

WORDS = ("Bergen", "1,450", "1450", "requester", "much too far")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose inbox, courier and agents have a key."""
    folder = tmp_path_factory.mktemp("sealed")
    keys = folder / "journal_keys"
    add_journal_key(keys)
    with House(folder, COUNTERSIGN_JOURNAL_KEYS_FILE=str(keys)) as house:
        yield house


@pytest.fixture
def operator(house: House) -> Iterator[Person]:
    with Person(house, "operator") as person:
        yield person


@pytest.fixture
def decider(house: House) -> Iterator[Person]:
    with Person(house, "reviewer") as person:
        yield person


def called(house: House, operator: Person, message: str, session: str) -> str:
    """Call the claims agent from the playground, which seals what it sends; return the run."""
    raw = json.dumps({"user": "requester", "message": message})
    told = {
        "key": session,
        "raw": raw,
        "reason": "why",
        "idempotency_key": f"{session} {message}"[:100].replace(" ", "-"),
    }
    page = operator.send("/playground/call/?service=Claims&handler=ask&raw=1", told)
    return str(page.url.path.removeprefix("/runs/").rstrip("/"))


def kept(house: House, run: str, session: str) -> list[bytes]:
    """All payloads that Restate keeps of a run and its session."""
    journal = house.admin.query(f"SELECT entry_json FROM sys_journal WHERE id = '{run}'")  # noqa: S608
    state = state_of(house, session)
    found = [payload for row in journal for payload in _payloads(json.loads(row["entry_json"]))]
    return [*found, *(bytes.fromhex(row["value"]) for row in state)]


def _payloads(entry: Any) -> Iterator[bytes]:
    if isinstance(entry, dict):
        for value in entry.values():
            yield from _payloads(value)
    elif isinstance(entry, list) and entry and all(isinstance(one, int) for one in entry):
        yield bytes(entry)
    elif isinstance(entry, str):
        yield entry.encode()


def test_an_approval_leaves_nothing_in_restate_and_is_shown_as_ever(
    house: House, decider: Person, operator: Person
) -> None:
    run = called(house, operator, "Please reimburse 1,450 USD for a train to Bergen.", "sealed")
    request = house.request_of(run)
    assert "Bergen" in decider.get(f"/requests/{request['id']}/").text
    assert decider.decide(request["id"], "approve").status_code == 200
    house.wait_for_delivery(request["id"], "done")
    eventually(lambda: house.run_status(run) == "completed", what="the end")
    payloads = kept(house, run, "sealed")
    assert sum(map(is_sealed, payloads)) > 5
    assert not [word for word in WORDS if word.encode() in b"\n".join(payloads)]
    assert "Model call: decided to call reimburse" in decider.get(f"/requests/{request['id']}/").text
    page = operator.get(f"/runs/{run}/payloads/")
    assert "Bergen" in page.text
    assert "sealed with a key that is not here" not in page.text


def test_a_run_that_is_restarted_behind_its_decision_keeps_it(house: House, decider: Person, operator: Person) -> None:
    run = called(house, operator, "Please reimburse 1,450 USD for a train to Bergen.", "sealed-again")
    request = house.request_of(run)
    assert decider.decide(request["id"], "approve").status_code == 200
    house.wait_for_delivery(request["id"], "done")
    eventually(lambda: house.run_status(run) == "completed", what="the end")
    last = read_journal(house.admin, run)[-1].index
    url = f"{house.env['RESTATE_ADMIN_URL']}/invocations/{run}/restart-as-new?from={last}"
    again = str(httpx.patch(url, trust_env=False).raise_for_status().json()["new_invocation_id"])
    kept_on = house.request_of(again)
    assert kept_on["status"] == "approved"
    assert house.wait_for_delivery(kept_on["id"], "done")["result"]["paid"] is True


def test_a_rejection_tells_restate_nothing_and_the_agent_everything(
    house: House, decider: Person, operator: Person
) -> None:
    run = called(house, operator, "Please reimburse 1,450 USD for a train to Bergen.", "sealed-no")
    request = house.request_of(run)
    assert decider.decide(request["id"], "reject", note="It is much too far.").status_code == 200
    delivery = house.wait_for_delivery(request["id"], "done")
    assert "much too far" in str(delivery["result"])
    eventually(lambda: house.run_status(run) == "completed", what="the end")
    payloads = kept(house, run, "sealed-no")
    assert sum(map(is_sealed, payloads)) > 5
    assert not [word for word in WORDS if word.encode() in b"\n".join(payloads)]


def test_what_a_session_keeps_is_shown_to_who_may_see_it_and_gone_on_with(house: House, operator: Person) -> None:
    run = called(house, operator, "Please reimburse 12 EUR for a taxi in Bergen.", "sealed-state")
    eventually(lambda: house.run_status(run) == "completed", what="the end")
    assert all(map(is_sealed, [bytes.fromhex(row["value"]) for row in state_of(house, "sealed-state")]))
    assert "a taxi in Bergen" in operator.get("/sessions/one/?service=Claims&key=sealed-state").text
    again = called(house, operator, "And 15 EUR again", "sealed-state")
    eventually(lambda: house.run_status(again) == "completed", what="the end")
    assert [payment["claim"]["category"] for payment in house.payments("sealed-state")] == ["travel", "travel"]


def state_of(house: House, session: str) -> list[dict[str, Any]]:
    return house.admin.query(f"SELECT value FROM state WHERE service_key = '{session}'")  # noqa: S608
