"""Each of the four is found when it is there, and nothing is found where all went well."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chaos.counting import findings, totals
from chaos.facts import Acknowledged, Asked, Decision, Event, Facts, Payment, Refused
from chaos.wrong import paid_in
from tests.chaos import quiet


def counts(facts: Facts) -> dict[str, int]:
    """Return the kinds of findings that there are."""
    return {kind: len(found) for kind, found in findings(facts).items() if found}


def test_a_storm_in_which_all_went_well_has_no_findings() -> None:
    facts = quiet.quiet()
    assert {kind: list(map(str, found)) for kind, found in findings(facts).items() if found} == {}
    assert totals(facts) == {
        "requests": 7,
        "decisions": 7,
        "effects": 4,
        "lost": 0,
        "doubled": 0,
        "wrong": 0,
        "stuck": 0,
    }


def test_a_run_that_the_engine_forgot_is_lost() -> None:
    facts = quiet.rejected()
    assert counts(replace(facts, runs=[])) == {"lost": 1}


def test_a_run_that_ended_without_a_request_is_lost() -> None:
    facts = quiet.rejected()
    silent = replace(facts, requests=[], decisions=[], deliveries=[], events=[], acknowledged=[])
    assert counts(silent) == {"lost": 1}


def test_an_approval_without_its_effect_is_lost_and_the_agents_words_about_it_are_not_wrong() -> None:
    assert counts(replace(quiet.approved(), payments=[])) == {"lost": 1}


def test_an_answer_to_pay_without_its_effect_is_lost() -> None:
    assert counts(replace(quiet.halved(), payments=[])) == {"lost": 1}


def test_an_answer_to_pay_more_than_the_rules_allow_has_to_be_followed_by_an_approval() -> None:
    facts = quiet.halved()
    answer = replace(facts.decisions[0], answer="Pay it anyway")
    taken = replace(facts.acknowledged[0], answer="Pay it anyway")
    run = replace(facts.runs[0], answer="ann decided to pay 1,320.00 USD without the receipt.")
    facts = replace(facts, decisions=[answer], acknowledged=[taken], runs=[run], payments=[])
    assert counts(facts) == {"lost": 1}
    followed = quiet.later(replace(quiet.approved(facts.runs[0].id, 9, 1_320), asked=[]))
    assert counts(quiet.together(replace(facts, runs=[]), followed)) == {}


def test_a_decision_that_the_web_acknowledged_and_nobody_holds_is_lost() -> None:
    facts = quiet.approved()
    taken = Acknowledged(request_id=1, reviewer="bob", outcome="rejected")
    found = findings(replace(facts, acknowledged=[taken]))
    assert [finding.ids["reviewer"] for finding in found["lost"]] == ["bob"]


@pytest.mark.parametrize("state", ["undeliverable", "failed"])
def test_a_standing_decision_that_never_arrived_is_lost(state: str) -> None:
    facts = quiet.rejected()
    assert counts(replace(facts, deliveries=[replace(facts.deliveries[0], state=state)])) == {"lost": 1}


@pytest.mark.parametrize("kept", ["request.announced", "request.rejected"])
def test_a_missing_line_in_the_record_is_lost(kept: str) -> None:
    facts = quiet.rejected()
    assert counts(replace(facts, events=[event for event in facts.events if event.code == kept])) == {"lost": 1}


def test_a_settled_request_without_its_delivery_is_lost() -> None:
    assert counts(replace(quiet.rejected(), deliveries=[])) == {"lost": 1}


def test_a_settled_request_without_its_decision_is_lost() -> None:
    facts = replace(quiet.rejected(), decisions=[], acknowledged=[])
    assert counts(facts) == {"lost": 1}


def test_a_request_that_was_withdrawn_though_its_run_waits_is_lost_and_the_run_is_stuck() -> None:
    facts = quiet.rejected()
    withdrawn = replace(facts.requests[0], status="withdrawn")
    event = replace(facts.events[-1], code="request.withdrawn", status_to="withdrawn")
    waiting = replace(facts.runs[0], status="suspended", answer="")
    gone = replace(facts, requests=[withdrawn], events=[facts.events[0], event], decisions=[], deliveries=[])
    assert counts(replace(gone, acknowledged=[], runs=[waiting])) == {"lost": 1, "stuck": 1}
    replaced = replace(withdrawn, superseded_by=9)
    assert counts(replace(gone, acknowledged=[], requests=[replaced])) == {}


def test_an_effect_that_comes_again_is_doubled() -> None:
    facts = quiet.approved()
    again = replace(facts.payments[0], id="inv_a/2")
    assert counts(replace(facts, payments=[*facts.payments, again])) == {"doubled": 1}


def test_two_settling_decisions_are_doubled() -> None:
    facts = quiet.approved()
    second = Decision(id="d9", request_id=1, by="bob", outcome="rejected", settles=True)
    assert counts(replace(facts, decisions=[*facts.decisions, second])) == {"doubled": 1}


def test_two_reviewers_who_are_both_told_that_they_decided_are_doubled() -> None:
    facts = quiet.approved()
    second = Decision(id="d9", request_id=1, by="bob", outcome="rejected", settles=False)
    taken = Acknowledged(request_id=1, reviewer="bob", outcome="rejected")
    both = replace(facts, decisions=[*facts.decisions, second], acknowledged=[*facts.acknowledged, taken])
    assert counts(both) == {"doubled": 1}


def test_two_settlements_in_the_record_are_doubled() -> None:
    facts = quiet.approved()
    assert counts(replace(facts, events=[*facts.events, facts.events[-1]])) == {"doubled": 1}


def test_a_false_answer_that_is_recorded_twice_is_doubled() -> None:
    facts = quiet.approved()
    false = Event(request_id=1, code="decision.invalid")
    assert counts(replace(facts, events=[*facts.events, false])) == {}
    assert counts(replace(facts, events=[*facts.events, false, false])) == {"doubled": 1}


def test_two_requests_of_one_run_that_wait_at_once_are_doubled() -> None:
    facts = quiet.asked_again()
    first, second = facts.requests
    assert first.settled_at is not None
    overlapping = replace(second, announced_at=first.settled_at - timedelta(seconds=1))
    assert counts(replace(facts, requests=[first, overlapping])) == {}
    stranger = replace(first, superseded_by=99)
    assert counts(replace(facts, requests=[stranger, overlapping])) == {"doubled": 1}


def test_two_runs_for_one_idempotency_key_are_doubled() -> None:
    facts = quiet.rejected()
    twice = Asked(session="inv_r", amount=1_900, runs=frozenset({"inv_r", "inv_s"}))
    found = findings(replace(facts, asked=[twice]))
    assert [finding.ids["session"] for finding in found["doubled"]] == ["inv_r"]
    unseen = replace(facts, runs=[*facts.runs, replace(facts.runs[0], id="inv_s")])
    assert counts(unseen) == {"doubled": 1}


def test_an_effect_without_an_approval_is_wrong() -> None:
    facts = quiet.rejected()
    payment = Payment(id="inv_r/1", run="inv_r", approved_by="ann", claim=quiet.claim(1_900))
    assert counts(replace(facts, payments=[payment])) == {"wrong": 1}


def test_an_effect_on_a_forged_word_is_wrong_though_the_request_was_approved_by_then() -> None:
    facts = quiet.approved()
    forged = replace(facts.payments[0], approved_by="nobody")
    assert counts(replace(facts, payments=[forged])) == {"wrong": 1}


def test_an_effect_of_a_request_that_was_asked_again_and_then_rejected_is_wrong() -> None:
    facts = quiet.asked_again()
    first = replace(
        facts,
        requests=facts.requests[:1],
        decisions=facts.decisions[:1],
        deliveries=facts.deliveries[:1],
        events=facts.events[:2],
        acknowledged=[],
        runs=[],
    )
    second = quiet.later(quiet.rejected("inv_f", 5))
    assert counts(quiet.together(first, replace(second, asked=[]))) == {"wrong": 1}


def test_an_effect_with_other_arguments_than_the_approved_ones_is_wrong_and_not_lost_as_well() -> None:
    facts = quiet.approved()
    other = replace(facts.payments[0], claim=quiet.claim(1_801))
    assert counts(replace(facts, payments=[other])) == {"wrong": 1}


def test_a_status_that_is_not_the_decisions_is_wrong() -> None:
    facts = quiet.rejected()
    status = replace(facts.requests[0], status="expired")
    event = replace(facts.events[-1], status_to="expired")
    assert counts(replace(facts, requests=[status], events=[facts.events[0], event])) == {"wrong": 1}


@pytest.mark.parametrize(
    "told", [{"outcome": "rejected"}, {"answer": "Pay half"}, {"amount": 1_500.0}], ids=lambda told: str(told)
)
def test_a_decision_that_is_kept_otherwise_than_it_was_acknowledged_is_wrong(told: dict[str, object]) -> None:
    facts = quiet.approved()
    taken = Acknowledged(**{"request_id": 1, "reviewer": "ann", "outcome": "approved", **told})  # type: ignore[arg-type]
    assert counts(replace(facts, acknowledged=[taken])) == {"wrong": 1}


@pytest.mark.parametrize(
    "said",
    ["Nothing was paid.", "ann approved it, and 1,900.00 USD has been paid.", "Paid: 900.00 USD for lodging"],
)
def test_a_run_whose_words_contradict_the_decision_is_wrong(said: str) -> None:
    facts = quiet.approved()
    assert counts(replace(facts, runs=[replace(facts.runs[0], answer=said)])) == {"wrong": 1}


def test_a_rejection_that_the_agent_does_not_tell_is_wrong() -> None:
    facts = quiet.rejected()
    assert counts(replace(facts, runs=[replace(facts.runs[0], answer="Paying failed.")])) == {"wrong": 1}


def test_a_run_that_failed_is_wrong() -> None:
    facts = quiet.rejected()
    failed = replace(facts.runs[0], answer="", failure="[500] out of order")
    assert counts(replace(facts, runs=[failed])) == {"wrong": 1}


def test_a_refusal_that_no_reviewer_should_get_is_wrong() -> None:
    refused = Refused(request_id=1, reviewer="bob", status=403, excerpt="a CSRF token is missing")
    assert counts(replace(quiet.approved(), refused=[refused])) == {"wrong": 1}


def test_a_message_that_no_ingress_took_is_stuck() -> None:
    unsent = Asked(session="s", amount=1_001, runs=frozenset())
    assert counts(Facts(asked=[unsent])) == {"stuck": 1}


def test_a_run_that_goes_on_is_stuck() -> None:
    facts = quiet.rejected()
    assert counts(replace(facts, runs=[replace(facts.runs[0], status="backing-off", answer="")])) == {"stuck": 1}


def test_a_request_that_is_still_pending_is_stuck() -> None:
    facts = quiet.rejected()
    pending = replace(facts.requests[0], status="pending", settled_at=None)
    waiting = replace(facts, requests=[pending], decisions=[], deliveries=[], acknowledged=[], events=facts.events[:1])
    found = counts(replace(waiting, runs=[replace(facts.runs[0], status="suspended", answer="")]))
    assert found == {"stuck": 2}


@pytest.mark.parametrize(("state", "due"), [("queued", True), ("sent", True), ("received", False), ("done", True)])
def test_a_delivery_that_is_under_way_is_stuck(state: str, due: bool) -> None:
    facts = quiet.rejected()
    delivery = replace(facts.deliveries[0], state=state, due=due)
    assert counts(replace(facts, deliveries=[delivery])) == {"stuck": 1}


@pytest.mark.parametrize(
    ("answer", "amount"),
    [
        ("ann approved it, and 1,800.00 USD has been paid.", 1_800.0),
        (
            "ann approved it with changes (amount from 1800 to 1500). 1,500.00 USD has been paid. They added: “x”.",
            1_500,
        ),
        ("Paid: 660.00 USD for meals on 2026-01-02, as ann decided about the lost receipt.", 660.0),
        ("ann rejected it: no receipt Nothing was paid.", None),
        ("ann decided to pay half without the receipt: 660.00 USD.", None),
    ],
)
def test_the_amount_that_an_agent_says_it_paid_is_read(answer: str, amount: float | None) -> None:
    assert paid_in(answer) == amount
