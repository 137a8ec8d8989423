"""What an agent bears: answers that are none, an inbox that is away, its own death, and a cancellation."""

import base64
import json
import re
import time
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from restate_bridge.contract import DecisionClaims, Outcome, reject_text, sign_decision
from tests.agents.engine.house import House
from tests.agents.stand_in_inbox import wait_for

FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"

_DEEP_HEADER = base64.urlsafe_b64encode(b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}").rstrip(b"=")
_GARBAGE = {
    "no text": b"\xff\xfe not json",
    "a string": b'"yes"',
    "an object": b'{"approved": true}',
    "nothing": b"",
    "half a character": b'"\\ud800"',
    "a null": b'"\\u0000 null"',
    "too deep": b"[" * 100_000,
    "a token too deep": _DEEP_HEADER + b".e30.e30",
}


@pytest.mark.parametrize("garbage", _GARBAGE.values(), ids=_GARBAGE.keys())
def test_garbage_never_counts_and_the_agent_asks_again(house: House, garbage: bytes) -> None:
    turn = house.ask(FLIGHT)
    first, held = house.inbox.wait_for_request(turn.session)
    house.resolve(first, garbage)
    second, again = house.inbox.wait_for_request(turn.session, 2)
    assert second != first
    assert again.announcement.supersedes == first
    assert held.heard["invalid-answer"][0]["code"] == "malformed"
    house.decide(second, Outcome.APPROVED)
    assert "approved" in turn.answer()
    assert len(house.payments(turn.session)) == 1


def test_a_rejection_without_a_signature_never_counts(house: House) -> None:
    turn = house.ask(FLIGHT)
    first, held = house.inbox.wait_for_request(turn.session)
    house.reject(first, "no, because I say so")
    second, _ = house.inbox.wait_for_request(turn.session, 2)
    assert held.heard["invalid-answer"][0] == {"code": "malformed", "excerpt": "no, because I say so"}
    house.decide(second, Outcome.REJECTED, note="No.")
    assert "rejected" in turn.answer()


def test_a_decision_signed_by_somebody_else_or_for_something_else_never_counts(house: House) -> None:
    turn = house.ask(FLIGHT)
    first, held = house.inbox.wait_for_request(turn.session)
    forged = DecisionClaims(
        decision_id="1",
        announcement_id=first,
        outcome=Outcome.APPROVED,
        decided_by="Mallory",
        decided_at=datetime.now(UTC),
        digest=held.announcement.digest,
    )
    house.resolve(first, json.dumps(sign_decision(forged, Ed25519PrivateKey.generate())).encode())
    second, held_again = house.inbox.wait_for_request(turn.session, 2)
    assert held.heard["invalid-answer"][0]["code"] == "unknown_key"
    replayed = house.inbox.sign(first, Outcome.APPROVED)
    house.reject(second, reject_text("rejected", replayed))
    third, held_thrice = house.inbox.wait_for_request(turn.session, 3)
    assert held_again.heard["invalid-answer"][0]["code"] == "other_request"
    house.decide(third, Outcome.ANSWERED, answer="yes")
    fourth, _ = house.inbox.wait_for_request(turn.session, 4)
    assert held_thrice.heard["invalid-answer"][0]["code"] == "malformed"
    house.decide(fourth, Outcome.APPROVED)
    turn.answer()
    assert len(house.payments(turn.session)) == 1


def test_a_decision_that_no_longer_stands_never_counts_and_the_agent_asks_again(house: House) -> None:
    turn = house.ask(FLIGHT)
    first, held = house.inbox.wait_for_request(turn.session)
    house.inbox.no_go.add(first)
    house.decide(first, Outcome.APPROVED)
    second, _ = house.inbox.wait_for_request(turn.session, 2)
    assert held.heard["invalid-answer"][0] == {"code": "not_standing", "excerpt": "taken back"}
    assert house.payments(turn.session) == []
    house.decide(second, Outcome.APPROVED)
    turn.answer()


def test_a_kill_while_waiting_loses_nothing(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.agents.kill()
    house.decide(awakeable_id, Outcome.APPROVED)
    house.agents.start()
    assert "approved" in turn.answer()
    assert len(house.payments(turn.session)) == 1
    assert len(house.inbox.of_session(turn.session)) == 1


@pytest.mark.parametrize("house", ["60"], indirect=True, ids=["connection-kept"])
@pytest.mark.parametrize(("moment", "paid_by_then"), [("acknowledge", 0), ("report", 1)])
def test_a_kill_around_the_tool_repeats_no_effect(house: House, moment: str, paid_by_then: int) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    house.inbox.held_back.add(moment)
    house.decide(awakeable_id, Outcome.APPROVED)
    house.inbox.wait_to_hear(awakeable_id, moment)
    assert len(house.payments(turn.session)) == paid_by_then
    house.agents.kill()
    house.inbox.held_back.clear()
    house.agents.start()
    assert "approved" in turn.answer()
    assert len(house.payments(turn.session)) == 1
    assert turn.steps().count("reimburse") == 1
    assert len(held.heard[moment]) == 2


def test_a_cancelled_run_withdraws_its_request(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    turn.cancel()
    assert house.inbox.wait_to_hear(awakeable_id, "withdraw") == {"reason": "The run was cancelled."}
    assert turn.outcome().status_code == 409
    assert house.payments(turn.session) == []


def test_a_cancelled_run_ends_although_the_inbox_is_away(house: House) -> None:
    house.inbox.away = True
    turn = house.ask(FLIGHT)
    wait_for(lambda: turn.status().get("last_failure"), "the announcement fails")
    turn.cancel()
    house.inbox.away = False
    assert turn.outcome().status_code == 409


def test_a_session_goes_on_after_a_cancelled_turn(house: House) -> None:
    turn = house.ask(FLIGHT)
    house.inbox.wait_for_request(turn.session)
    turn.cancel()
    turn.outcome()
    assert "Paid: 12.00 EUR" in house.ask("12 EUR taxi", turn.session).answer()


def test_the_journal_reads_as_what_happened(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, Outcome.APPROVED)
    turn.answer()
    asked = turn.steps().index("announce approval: reimburse")
    assert turn.steps()[asked : asked + 4] == [
        "announce approval: reimburse",
        "acknowledge decision: reimburse",
        "reimburse",
        "report: reimburse",
    ]


def test_a_waiting_run_holds_one_signal_open_and_nothing_else(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    assert not [entry for entry in turn.journal() if re.search("Sleep|Call", entry["entry_type"])]
    house.decide(awakeable_id, Outcome.APPROVED)
    turn.answer()


@pytest.mark.parametrize("house", ["60"], indirect=True, ids=["connection-kept"])
def test_a_stop_is_quick_although_a_run_waits_and_the_run_goes_on_after_the_start(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    began = time.monotonic()
    assert house.agents.stop() == 0
    assert time.monotonic() - began < 2.0
    house.agents.start()
    house.decide(awakeable_id, Outcome.APPROVED)
    assert "approved" in turn.answer()


def test_the_log_holds_no_token(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    token = house.decide(awakeable_id, Outcome.APPROVED)
    turn.answer()
    assert "agent-token-of-the-tests" not in house.agents.log
    assert token not in house.agents.log
    assert all(json.loads(line) for line in house.agents.log.splitlines() if line.startswith("{"))
