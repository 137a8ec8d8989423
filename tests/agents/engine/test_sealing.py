"""Agents whose journals are sealed, on the real engine: nothing of what is said stands in Restate."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from restate_bridge.contract import (
    Outcome,
    load_journal_keys,
    opened,
    reject_text,
    sealed,
    sealed_text,
    use_journal_keys,
)
from restate_bridge.journal_keys import add_journal_key
from tests.agents.engine.house import HTTP, House
from tests.agents.engine.opening import open_house
from tests.agents.stand_in_inbox import wait_for

FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"
MARK = "\x00cs1"
WORDS = ("Oslo", "1800", "1,800", "alice")


@pytest.fixture(scope="module")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "journal_keys"
    add_journal_key(file)
    return file


@pytest.fixture(scope="module")
def sealing(keys_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("sealing")
    with open_house(folder, {"COUNTERSIGN_JOURNAL_KEYS_FILE": str(keys_file)}, trial=False) as house:
        use_journal_keys(keys_file)
        yield house
        use_journal_keys(None)


def say(house: House, message: str, session: str) -> str:
    """Send a sealed message, and return its run."""
    body = sealed(json.dumps({"user": "alice", "message": message}).encode())
    url = f"{house.ingress_url}/Claims/{session}/ask/send"
    answer = HTTP.post(url, content=body, headers={"content-type": "application/json"}).raise_for_status()
    return str(answer.json()["invocationId"])


def kept(house: House, run: str, session: str) -> str:
    """All that Restate keeps of a run and its session, bytes as text."""
    journal = query(house, "SELECT entry_json FROM sys_journal WHERE id = '{}'", run)
    state = query(house, "SELECT value FROM state WHERE service_key = '{}'", session)
    texts = [_bytes_in(json.loads(row["entry_json"])) for row in journal]
    return "\n".join([*texts, *(bytes.fromhex(row["value"]).decode("latin-1") for row in state), str(told(house, run))])


def told(house: House, run: str) -> dict[str, Any]:
    """What Restate says of a run."""
    return query(house, "SELECT status, completion_failure, last_failure FROM sys_invocation WHERE id = '{}'", run)[0]


def query(house: House, sql: str, what: str) -> list[dict[str, Any]]:
    asked = {"query": sql.format(what)}
    answer = HTTP.post(f"{house.admin_url}/query", json=asked, headers={"accept": "application/json"})
    return list(answer.raise_for_status().json()["rows"])


def _bytes_in(entry: Any) -> str:
    if isinstance(entry, dict):
        return "\n".join(_bytes_in(value) for value in entry.values())
    if isinstance(entry, list) and all(isinstance(one, int) for one in entry):
        return bytes(entry).decode("latin-1")
    return str(entry)


def test_nothing_that_is_said_or_decided_stands_in_restate(sealing: House) -> None:
    run = say(sealing, FLIGHT, "sealed")
    awakeable_id, held = sealing.inbox.wait_for_request("sealed")
    assert held.announcement.sealed
    assert held.announcement.arguments["claim"]["amount"] == 1800  # type: ignore[index,call-overload]
    token = sealing.inbox.sign(awakeable_id, Outcome.APPROVED, note="Enjoy Oslo")
    sealing.resolve(awakeable_id, sealed(json.dumps(token).encode()))
    wait_for(lambda: len(sealing.payments("sealed")) == 1, "it is paid")
    wait_for(lambda: told(sealing, run)["status"] == "completed", "the end")
    text = kept(sealing, run, "sealed")
    assert text.count(MARK) > 5
    assert not [word for word in (*WORDS, token) if word in text]
    answer = HTTP.get(f"{sealing.ingress_url}/restate/invocation/{run}/output")
    assert "has been paid" in opened(answer.content).decode()


def test_a_rejection_tells_restate_nothing(sealing: House) -> None:
    run = say(sealing, FLIGHT, "sealed-rejection")
    awakeable_id, _ = sealing.inbox.wait_for_request("sealed-rejection")
    token = sealing.inbox.sign(awakeable_id, Outcome.REJECTED, note="Oslo is too far")
    sealing.reject(awakeable_id, reject_text("Decided in the inbox.", sealed_text(token)))
    heard = sealing.inbox.wait_to_hear(awakeable_id, "report")
    assert heard["result"]["reason"] == "Oslo is too far"
    text = kept(sealing, run, "sealed-rejection")
    assert text.count(MARK) > 5
    assert not [word for word in (*WORDS, token) if word in text]


@pytest.mark.parametrize("how", ["nobody's", "cut off", "of another key"])
def test_an_answer_that_nobody_with_the_key_has_sealed_never_counts_and_the_agent_asks_again(
    sealing: House, how: str
) -> None:
    session = f"forged-{how.split()[0]}".replace("'", "")
    say(sealing, FLIGHT, session)
    first, held = sealing.inbox.wait_for_request(session)
    token = json.dumps(sealing.inbox.sign(first, Outcome.APPROVED)).encode()
    other = load_journal_keys(base64.b64encode(bytes(32)))
    forged = {"nobody's": MARK.encode() + bytes(60), "cut off": sealed(token)[:30], "of another key": other.seal(token)}
    sealing.resolve(first, forged[how])
    second, again = sealing.inbox.wait_for_request(session, 2)
    assert again.announcement.supersedes == first
    assert held.heard["invalid-answer"][0]["code"] == "malformed"
    sealing.decide(second, Outcome.APPROVED)
    wait_for(lambda: len(sealing.payments(session)) == 1, "it is paid")


def test_an_input_that_was_damaged_ends_the_run(sealing: House) -> None:
    body = sealed(json.dumps({"user": "alice", "message": FLIGHT}).encode())[:-1]
    url = f"{sealing.ingress_url}/Claims/damaged/ask/send"
    run = HTTP.post(url, content=body, headers={"content-type": "application/json"}).json()["invocationId"]
    wait_for(lambda: told(sealing, run)["status"] == "completed", "the end")
    assert "decode input" in told(sealing, run)["completion_failure"]


def test_what_was_sent_and_decided_in_the_open_is_taken_all_the_same(sealing: House) -> None:
    turn = sealing.ask(FLIGHT, "open")
    awakeable_id, _ = sealing.inbox.wait_for_request("open")
    sealing.decide(awakeable_id, Outcome.APPROVED)
    wait_for(lambda: len(sealing.payments("open")) == 1, "it is paid")
    assert turn.status()


def test_a_run_that_waits_goes_on_after_the_key_was_rotated(sealing: House, keys_file: Path) -> None:
    say(sealing, FLIGHT, "rotated")
    awakeable_id, _ = sealing.inbox.wait_for_request("rotated")
    before = keys_file.read_bytes()
    add_journal_key(keys_file)
    sealing.agents.kill()
    sealing.agents.start()
    token = sealing.inbox.sign(awakeable_id, Outcome.APPROVED)
    sealing.resolve(awakeable_id, sealed(json.dumps(token).encode()))
    wait_for(lambda: len(sealing.payments("rotated")) == 1, "it is paid")
    assert keys_file.read_bytes().endswith(before)


def test_a_run_whose_key_is_gone_waits_for_it_and_loses_nothing(sealing: House, keys_file: Path) -> None:
    run = say(sealing, FLIGHT, "gone")
    awakeable_id, _ = sealing.inbox.wait_for_request("gone")
    held = keys_file.read_bytes()
    token = sealed(json.dumps(sealing.inbox.sign(awakeable_id, Outcome.APPROVED)).encode())
    keys_file.unlink()
    add_journal_key(keys_file)
    sealing.agents.kill()
    sealing.agents.start()
    sealing.resolve(awakeable_id, token)

    wait_for(lambda: "a key that is not here" in sealing.agents.log, "what is wrong is said")
    assert told(sealing, run)["status"] != "completed"
    assert not sealing.payments("gone")
    keys_file.write_bytes(held)
    wait_for(lambda: len(sealing.payments("gone")) == 1, "it is paid", 30)
