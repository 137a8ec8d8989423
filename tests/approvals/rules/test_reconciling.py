"""What follows from comparing the inbox with the engine."""

from dataclasses import replace

import pytest

from approvals.rules.lifecycle import DeliveryState
from approvals.rules.reconciling import (
    OVERTAKEN,
    UNKNOWN,
    DeliveryFacts,
    Flag,
    RunSeen,
    Step,
    Verdict,
    flag_for,
    judge_delivery,
    judge_request,
    patience,
)

ALIVE = RunSeen()
PAUSED = RunSeen(is_paused=True)
KILLED = RunSeen("the run was killed")
COMPLETED = RunSeen("the run has ended", ended_well=True)
SENT = DeliveryFacts(DeliveryState.SENT, ALIVE, arrived=True, missing_for=None, grace=60)
KEPT = replace(SENT, state=DeliveryState.KEPT, run=PAUSED)
RECEIVED = replace(SENT, state=DeliveryState.RECEIVED)
LOOK_AGAIN = Verdict(Step.LOOK_AGAIN)


@pytest.mark.parametrize(
    ("run", "flagged", "flag"),
    [(ALIVE, False, None), (ALIVE, True, Flag.FOUND), (None, False, Flag.MISSING), (None, True, None)],
)
def test_a_run_is_flagged_once_when_it_vanishes_and_once_when_it_is_back(
    run: RunSeen | None, flagged: bool, flag: Flag | None
) -> None:
    assert flag_for(run, flagged=flagged) == flag


class TestAPendingRequest:
    @pytest.mark.parametrize("run", [ALIVE, PAUSED, None])
    def test_waits_while_its_run_may_go_on(self, run: RunSeen | None) -> None:
        assert judge_request(run, pending=True, unlinked_restart=False) == LOOK_AGAIN

    @pytest.mark.parametrize("run", [KILLED, COMPLETED])
    def test_is_withdrawn_when_its_run_has_ended(self, run: RunSeen) -> None:
        assert judge_request(run, pending=True, unlinked_restart=True) == Verdict(Step.WITHDRAW, run.ending)

    def test_is_linked_when_its_run_is_a_restart(self) -> None:
        assert judge_request(ALIVE, pending=True, unlinked_restart=True) == Verdict(Step.LINK)

    @pytest.mark.parametrize("run", [ALIVE, KILLED, COMPLETED])
    def test_once_settled_can_only_be_linked(self, run: RunSeen) -> None:
        assert judge_request(run, pending=False, unlinked_restart=False) == LOOK_AGAIN
        assert judge_request(run, pending=False, unlinked_restart=True) == Verdict(Step.LINK)


class TestADecisionThatWasSent:
    def test_waits_for_the_agent_once_it_stands_in_the_journal(self) -> None:
        assert judge_delivery(SENT) == LOOK_AGAIN

    def test_is_kept_while_the_run_is_paused_and_goes_on_with_it(self) -> None:
        assert judge_delivery(replace(SENT, run=PAUSED)) == Verdict(Step.KEEP)
        assert judge_delivery(KEPT) == LOOK_AGAIN
        assert judge_delivery(replace(KEPT, run=ALIVE)) == Verdict(Step.GO_ON)

    @pytest.mark.parametrize("facts", [SENT, KEPT])
    def test_is_sent_again_when_it_never_arrived(self, facts: DeliveryFacts) -> None:
        assert judge_delivery(replace(facts, arrived=False)) == Verdict(Step.QUEUE_AGAIN)

    @pytest.mark.parametrize("facts", [SENT, KEPT])
    def test_is_given_up_when_the_run_has_ended_without_it(self, facts: DeliveryFacts) -> None:
        assert judge_delivery(replace(facts, run=KILLED)) == Verdict(Step.GIVE_UP, "the run was killed")

    @pytest.mark.parametrize(
        ("missing_for", "verdict"),
        [(None, LOOK_AGAIN), (59.9, LOOK_AGAIN), (60.0, Verdict(Step.GIVE_UP, UNKNOWN))],
    )
    def test_is_given_up_only_when_the_run_was_missing_for_long_enough(
        self, missing_for: float | None, verdict: Verdict
    ) -> None:
        assert judge_delivery(replace(SENT, run=None, missing_for=missing_for)) == verdict

    def test_is_given_up_at_once_when_there_is_no_grace(self) -> None:
        assert judge_delivery(replace(SENT, run=None, grace=0)) == Verdict(Step.GIVE_UP, UNKNOWN)

    @pytest.mark.parametrize("run", [ALIVE, PAUSED, KILLED, None])
    def test_is_given_up_when_the_agent_has_asked_again_since(self, run: RunSeen | None) -> None:
        assert judge_delivery(replace(SENT, run=run, overtaken=True)) == Verdict(Step.GIVE_UP, OVERTAKEN)


class TestADecisionThatWasReceived:
    @pytest.mark.parametrize("run", [ALIVE, PAUSED, None])
    def test_is_the_agents_while_its_run_may_go_on(self, run: RunSeen | None) -> None:
        assert judge_delivery(replace(RECEIVED, run=run, arrived=False, overtaken=True)) == LOOK_AGAIN

    @pytest.mark.parametrize("run", [KILLED, COMPLETED])
    def test_has_failed_when_the_run_ends_without_a_report(self, run: RunSeen) -> None:
        assert judge_delivery(replace(RECEIVED, run=run)) == Verdict(Step.CALL_FAILED, run.ending)

    def test_has_failed_when_the_run_was_missing_for_too_long(self) -> None:
        facts = replace(RECEIVED, run=None, missing_for=61, reported_before=True)
        assert judge_delivery(facts) == Verdict(Step.CALL_FAILED, UNKNOWN)

    def test_takes_over_the_report_that_was_given_before_the_restart_if_the_run_ended_well(self) -> None:
        facts = replace(RECEIVED, reported_before=True)
        assert judge_delivery(replace(facts, run=COMPLETED)) == Verdict(Step.TAKE_OVER)
        assert judge_delivery(replace(facts, run=KILLED)) == Verdict(Step.CALL_FAILED, "the run was killed")


@pytest.mark.parametrize(("sent_for", "pause"), [(0, 5), (10, 5), (40, 20), (10_000, 60)])
def test_what_takes_long_is_looked_at_less_often(sent_for: float, pause: float) -> None:
    assert patience(sent_for, at_least=5, at_most=60) == pause
