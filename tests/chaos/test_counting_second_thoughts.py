"""What was taken back never counts, and is not missed; whatever contradicts a second thought is found."""

from dataclasses import replace

import pytest

from chaos.counting import findings
from chaos.facts import Acknowledged, Decision, Delivery, Event, Facts, Payment, Told
from tests.chaos import quiet

PAID = Payment(id="inv_t/1", run="inv_t", approved_by="ann", claim=quiet.claim(1_900))


def found(facts: Facts) -> list[str]:
    """Return kind and words of all findings."""
    return [f"{one.kind}: {one.what}" for kind in findings(facts).values() for one in kind]


def told(answer: Told) -> Facts:
    """Return a second thought of which the database knows nothing, and that got ``answer``."""
    facts = quiet.approved()
    thoughts = quiet.taken_back(number=1, told=answer).second_thoughts
    return replace(facts, second_thoughts=thoughts)


@pytest.mark.parametrize("answer", [Told.TAKEN_BACK, Told.NOTHING_COUNTS, Told.NO_ANSWER])
def test_a_decision_that_was_taken_back_is_neither_lost_nor_acknowledged_any_more(answer: Told) -> None:
    assert found(quiet.taken_back(told=answer)) == []


def test_a_decision_that_another_reviewer_took_after_a_second_thought_is_not_doubled() -> None:
    facts = quiet.taken_back()
    first, second = facts.decisions
    taken = [facts.acknowledged[0], replace(facts.acknowledged[1], reviewer="bob")]
    run = replace(facts.runs[0], answer="bob rejected it: no receipt Nothing was paid.")
    other = replace(facts, decisions=[first, replace(second, by="bob")], acknowledged=taken, runs=[run])
    assert found(other) == []


def test_a_decision_whose_acknowledgement_got_lost_may_come_before_or_after_one_that_was_told() -> None:
    facts = quiet.taken_back()
    for heard in facts.acknowledged[:1], facts.acknowledged[1:]:
        assert found(replace(facts, acknowledged=heard)) == []


def test_an_effect_of_a_decision_that_was_taken_back_is_wrong() -> None:
    effect = f"an effect of a decision that was taken back: {dict(PAID.claim)}, on the word of ann"
    assert found(replace(quiet.taken_back(), payments=[PAID])) == [f"wrong: {effect}"]


def test_the_words_of_an_agent_that_followed_a_decision_which_was_taken_back_are_wrong() -> None:
    facts = quiet.taken_back()
    run = replace(facts.runs[0], answer="ann approved it. 1,900.00 USD has been paid.")
    assert [line.split(":")[0] for line in found(replace(facts, runs=[run]))] == ["wrong"]


@pytest.mark.parametrize("code", ["delivery.sent", "delivery.received", "decision.refused"])
def test_a_decision_that_was_taken_back_and_set_out_is_wrong(code: str) -> None:
    facts = quiet.taken_back()
    sent = [Event(request_id=7, code=code, decision=decision.id) for decision in facts.decisions]
    both = replace(facts, events=[*facts.events, *sent])
    assert found(both) == [f"wrong: a decision that was taken back: {code}"]


def test_a_decision_that_was_taken_back_settles_nothing_whatever_else_the_database_says() -> None:
    facts = quiet.taken_back()
    first = replace(facts.decisions[0], settles=True)
    status = replace(facts.requests[0], status="approved")
    alone = replace(facts, decisions=[first], acknowledged=facts.acknowledged[:1], requests=[status], payments=[PAID])
    assert [line.split(":")[0] for line in found(alone)] == ["lost", "wrong"]


def test_a_second_decision_that_was_acknowledged_and_is_not_held_is_lost() -> None:
    facts = quiet.taken_back()
    third = Acknowledged(request_id=7, reviewer="ann", outcome="rejected")
    lines = found(replace(facts, acknowledged=[*facts.acknowledged, third]))
    assert lines == [
        "lost: a decision (rejected) that the web acknowledged",
        "doubled: 2 decisions acknowledged as effective",
    ]


@pytest.mark.parametrize("answer", [Told.TAKEN_BACK, Told.NOTHING_COUNTS])
def test_a_second_thought_that_was_acknowledged_and_changed_nothing_is_lost(answer: Told) -> None:
    assert found(told(answer)) == ["lost: a second thought that the web acknowledged"]


@pytest.mark.parametrize("answer", [Told.ON_ITS_WAY, Told.NO_ANSWER])
def test_a_second_thought_that_came_too_late_or_met_nobody_is_none_of_these(answer: Told) -> None:
    assert found(told(answer)) == []


def test_nothing_counts_of_a_request_that_was_asked_anew_and_it_is_said_so() -> None:
    facts = quiet.asked_again()
    thought = replace(told(Told.NOTHING_COUNTS).second_thoughts[0], request_id=4)
    assert found(replace(facts, second_thoughts=[thought])) == []
    promised = replace(thought, told=Told.TAKEN_BACK)
    assert found(replace(facts, second_thoughts=[promised])) == ["lost: a second thought that the web acknowledged"]


def test_a_decision_that_its_reviewer_never_took_back_is_lost() -> None:
    facts = quiet.taken_back()
    assert found(replace(facts, second_thoughts=[])) == ["lost: a decision that its reviewer never took back"]


def test_a_decision_that_was_taken_back_though_it_was_said_to_be_on_its_way_is_wrong() -> None:
    facts = quiet.taken_back(told=Told.ON_ITS_WAY)
    pending = replace(facts.requests[0], status="pending", settled_at=None)
    waiting = replace(facts, requests=[pending], decisions=facts.decisions[:1], events=facts.events[:3], deliveries=[])
    waiting = replace(waiting, acknowledged=facts.acknowledged[:1])
    assert "wrong: a decision does not count that the web said was on its way" in found(waiting)


def test_a_second_thought_that_is_missing_from_the_record_is_lost_and_one_too_many_is_doubled() -> None:
    facts = quiet.taken_back()
    line = facts.events[2]
    silent = replace(facts, events=[event for event in facts.events if event is not line])
    assert "lost: the record of a second thought of a request that is rejected" in found(silent)
    again = replace(facts, events=[*facts.events, replace(line, status_to="")])
    assert found(again) == ["doubled: 2 records of 1 decisions that were taken back"]


def test_a_request_that_nobody_decided_anew_after_a_second_thought_is_stuck() -> None:
    facts = quiet.taken_back()
    pending = replace(facts.requests[0], status="pending", settled_at=None)
    waiting = replace(facts, requests=[pending], decisions=facts.decisions[:1], events=facts.events[:3], deliveries=[])
    waiting = replace(waiting, acknowledged=facts.acknowledged[:1], runs=[])
    assert "stuck: a request is pending" in found(waiting)


def test_the_contents_of_each_decision_are_compared_in_their_order() -> None:
    facts = quiet.taken_back()
    swapped = replace(facts, acknowledged=facts.acknowledged[::-1])
    assert [line.split(":")[0] for line in found(swapped)] == ["wrong"]


def test_two_settling_decisions_after_a_second_thought_are_doubled() -> None:
    facts = quiet.taken_back()
    other = Decision(id="d9", request_id=7, by="bob", outcome="rejected", settles=True)
    assert found(replace(facts, decisions=[*facts.decisions, other])) == ["doubled: 2 settling decisions"]


def test_a_delivery_of_what_was_taken_back_that_is_still_under_way_is_stuck() -> None:
    facts = quiet.taken_back()
    queued = Delivery(request_id=7, state="queued", due=True)
    assert found(replace(facts, deliveries=[queued])) == ["stuck: a delivery that is queued and due"]
