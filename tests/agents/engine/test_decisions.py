"""What a decision makes an agent do, on the real engine."""

import pytest

from restate_bridge.contract import Kind, Outcome, Risk
from tests.agents.engine.house import House

FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"


def test_an_approved_claim_is_paid_once_and_reported(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, Outcome.APPROVED, note="Enjoy Oslo")
    answer = turn.answer()
    assert "Rita Reviewer approved it, and 1,800.00 EUR has been paid" in answer
    assert "Enjoy Oslo" in answer
    assert "offline stand-in" in answer
    [payment] = house.payments(turn.session)
    assert payment["claim"]["amount"] == 1800
    assert payment["approved_by"] == "Rita Reviewer"
    assert [told["state"] for told in held.heard["report"]] == ["done"]
    assert held.heard["report"][0]["result"]["paid"] is True
    assert len(held.heard["acknowledge"]) == 1


def test_an_announcement_says_what_will_run_for_whom_and_why(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    said = held.announcement
    assert said.kind is Kind.APPROVAL
    assert said.title == "Reimburse travel: 1,800.00 EUR"
    assert (said.agent, said.tool, said.requester) == ("claims_agent", "reimburse", "alice")
    assert (said.risk, said.groups, said.quorum, said.deadline_seconds) == (Risk.MEDIUM, ["finance"], 1, 3 * 86_400)
    assert [(stage.after_seconds, stage.groups, stage.remind) for stage in said.escalations] == [
        (86_400, [], ["finance"]),
        (2 * 86_400, ["reviewers"], []),
    ]
    assert said.editable == ["claim.amount", "claim.reason", "claim.items", "claim.booking"]
    assert said.run.invocation_id == turn.invocation_id
    assert (said.run.service, said.run.handler, said.run.key) == ("Claims", "ask", turn.session)
    assert "above 1,000" in said.reason
    kinds = [(entry.author, entry.kind, entry.tool) for entry in said.context]
    assert kinds == [
        ("user", "message", ""),
        ("claims_agent", "message", ""),
        ("claims_agent", "tool_call", "check_eligibility"),
        ("claims_agent", "tool_result", "check_eligibility"),
        ("claims_agent", "message", ""),
    ]
    house.decide(awakeable_id, Outcome.APPROVED)
    turn.answer()


def test_the_context_of_a_second_request_holds_the_first_turn(house: House) -> None:
    first = house.ask("1,200 EUR for a hotel in Bergen")
    awakeable_id, _ = house.inbox.wait_for_request(first.session)
    house.decide(awakeable_id, Outcome.APPROVED)
    first.answer()
    second = house.ask("And 1,500 EUR for the conference", first.session)
    awakeable_id, held = house.inbox.wait_for_request(first.session, 2)
    texts = " ".join(entry.text for entry in held.announcement.context)
    assert "Bergen" in texts
    assert "has been paid" in texts
    assert held.announcement.context[0].at is not None
    house.decide(awakeable_id, Outcome.APPROVED)
    second.answer()


def test_an_edited_claim_is_paid_as_edited_and_the_model_hears_what_changed(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    claim = {**held.announcement.arguments["claim"], "amount": 1500}  # type: ignore[dict-item]
    house.decide(awakeable_id, Outcome.APPROVED, arguments={"claim": claim})
    answer = turn.answer()
    assert "amount from 1800.0 to 1500" in answer
    assert [payment["claim"]["amount"] for payment in house.payments(turn.session)] == [1500]
    history = house.history(turn.session)
    [result] = [entry for entry in history if (entry["tool"], entry["kind"]) == ("reimburse", "tool_result")]
    assert result["data"]["status"] == "approved_with_changes"
    assert result["data"]["changed"] == {"claim.amount": {"from": 1800, "to": 1500}}


def test_a_decision_that_edits_what_may_not_be_edited_fails_and_pays_nothing(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    claim = {**held.announcement.arguments["claim"], "pay_to": "GB00EVIL00000000000000"}  # type: ignore[dict-item]
    house.decide(awakeable_id, Outcome.APPROVED, arguments={"claim": claim})
    assert "claim.pay_to" in turn.answer()
    assert house.payments(turn.session) == []
    assert held.heard["report"][0]["state"] == "failed"


def test_a_rejected_claim_is_not_paid_and_the_model_hears_why(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, Outcome.REJECTED, note="Take the train.")
    assert "Rita Reviewer rejected it: Take the train." in turn.answer()
    assert house.payments(turn.session) == []
    assert held.heard["report"][0]["state"] == "done"


def test_an_expired_claim_is_not_paid_and_the_model_hears_that_nobody_said_no(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    house.decide(awakeable_id, Outcome.EXPIRED, decided_by="Countersign")
    assert "Nobody decided on 1,800.00 EUR in time" in turn.answer()
    assert house.payments(turn.session) == []
    assert held.heard["report"][0]["result"]["status"] == "expired"


@pytest.mark.parametrize(
    ("choice", "paid"),
    [("Pay it anyway", [950.0]), ("Pay half", [475.0]), ("Ask for a sworn statement", [])],
)
def test_a_question_about_a_lost_receipt_is_answered(house: House, choice: str, paid: list[float]) -> None:
    turn = house.ask("950 EUR for a train to Vienna, but I lost the receipt")
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    said = held.announcement
    assert said.kind is Kind.QUESTION
    assert said.question is not None
    assert said.question.choices == ["Pay it anyway", "Pay half", "Ask for a sworn statement"]
    assert said.tool == "decide_on_lost_receipt"
    house.decide(awakeable_id, Outcome.ANSWERED, answer=choice)
    assert "Rita Reviewer" in turn.answer()
    assert [payment["claim"]["amount"] for payment in house.payments(turn.session)] == paid
    assert held.heard["report"][0]["result"]["answer"] == choice


def test_a_small_claim_is_decided_by_the_rules_and_asks_nobody(house: House) -> None:
    turn = house.ask("45,90 € taxi")
    assert "Paid: 45.90 EUR for travel" in turn.answer()
    assert len(house.payments(turn.session)) == 1
    assert house.inbox.of_session(turn.session) == []


def test_a_small_claim_against_the_rules_is_refused_by_the_rules(house: House) -> None:
    turn = house.ask("950 EUR dinner")
    assert "more than the 250.00" in turn.answer()
    assert house.payments(turn.session) == []
    assert house.inbox.of_session(turn.session) == []


def test_the_history_answers_while_a_turn_waits_and_holds_the_turn_afterwards(house: House) -> None:
    turn = house.ask(FLIGHT)
    awakeable_id, _ = house.inbox.wait_for_request(turn.session)
    assert house.history(turn.session) == []
    house.decide(awakeable_id, Outcome.APPROVED)
    turn.answer()
    kinds = [entry["kind"] for entry in house.history(turn.session)]
    assert kinds.count("tool_call") == 2
    assert kinds[0] == kinds[-1] == "message"


def test_the_weather_needs_no_approval(house: House) -> None:
    turn = house.ask("What's the weather in Paris?", service="Weather")
    answer = turn.answer()
    assert "Paris today" in answer
    assert "sample data" in answer
    assert "offline stand-in" in answer
    assert "forecast" in turn.steps()
    assert house.inbox.of_session(turn.session) == []
