"""All that can happen to requests, in any order; after each step nothing may be wrong."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, precondition, rule

from approvals.rules.lifecycle import Status
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.expire import expire_next_request
from approvals.services.reconciling import withdraw_ended
from approvals.services.take_back import take_back_decision
from restate_bridge.contract import Kind, acknowledge_step, report_step
from tests.approvals.protocol.findings import FINDINGS
from tests.approvals.protocol.steps import Steps
from tests.approvals.protocol.world import Asked

#: The two who may decide from the start come up more often.
PEOPLE: Final = ("reviewer", "second-reviewer", "reviewer", "second-reviewer", "outsider", "requester")
LATER: Final = tuple(timedelta(hours=hours) for hours in (25, 2, 0, 2, 25, 72))
#: Few, so that much happens to each.
AT_MOST: Final = 6

people = st.sampled_from(PEOPLE)
later = st.sampled_from(LATER)
latest = st.integers(0, AT_MOST)
room = precondition(lambda self: len(self.watch.now.requests) < AT_MOST)
waiting = precondition(lambda self: any(row["status"] == Status.PENDING for row in self.watch.now.requests.values()))
decided = precondition(lambda self: self.watch.now.decisions)
undo = st.sampled_from([True, True, False])
taken_up = precondition(lambda self: self.world.parcels)


class Protocol(Steps):
    """Every verb, by everybody who has it."""

    requests: Bundle[Asked] = Bundle("requests")

    @initialize(target=requests)
    def two_runs_have_asked(self) -> Any:
        return multiple(*(self.note_asked(partial(self.world.announce, Kind.APPROVAL, quorum)) for quorum in (1, 2)))

    @room
    @rule(target=requests, kind=st.sampled_from(Kind), quorum=st.sampled_from([1, 2]))
    def a_run_asks(self, kind: Kind, quorum: int) -> Any:
        return self.note_asked(partial(self.world.announce, kind, quorum))

    @rule(asked=requests, other=st.booleans())
    def an_announcement_is_repeated(self, asked: Asked, other: bool) -> None:
        wanted = asked.wanted.model_copy(update={"title": "Something else"}) if other else asked.wanted
        if asked.awakeable_id == asked.announcement_id:
            outcome = self.watch.step(partial(self.world.put, wanted, asked.awakeable_id))
            assert isinstance(outcome, Exception) == other
            self.watch.nothing_happened()

    @room
    @rule(target=requests, asked=requests)
    def garbage_arrives_and_the_run_asks_again(self, asked: Asked) -> Any:
        self.watch.step(partial(self.world.note_garbage, asked))
        self.watch.at_most_told("decision.invalid")
        return self.note_asked(partial(self.world.ask_again, asked))

    @rule(
        number=latest,
        person=people,
        amount=st.sampled_from([None, None, 900]),
        fresh=st.sampled_from([True, True, False]),
        undo=undo,
    )
    def somebody_says_yes(self, number: int, person: str, amount: int | None, fresh: bool, undo: bool) -> None:
        asked = self.one_waiting(number)
        if asked.wanted.kind is Kind.APPROVAL:
            decide = partial(self.world.approve, asked, person, amount=amount, fresh=fresh, undo=undo)
        else:
            decide = partial(self.world.answer, asked, person, undo=undo)
        self.decide(asked, person, decide)

    @rule(number=latest, person=people, undo=undo)
    def somebody_rejects(self, number: int, person: str, undo: bool) -> None:
        asked = self.one_waiting(number)
        self.decide(asked, person, partial(self.world.reject, asked, person, undo=undo))

    @rule(asked=requests, person=people)
    def somebody_decides_what_may_be_settled(self, asked: Asked, person: str) -> None:
        self.decide(asked, person, partial(self.world.reject, asked, person))

    @decided
    @rule(number=latest, person=st.sampled_from([None, None, None, "reviewer", "outsider"]))
    def somebody_takes_it_back(self, number: int, person: str | None) -> None:
        decision = self.recent(self.watch.now.decisions.values(), number)
        own = {user.pk: user for user in self.world.people.values()}.get(decision["reviewer_id"])
        reviewer = self.world.people[person] if person else own
        if reviewer is not None:
            self.watch.step(partial(take_back_decision, request_id=decision["request_id"], reviewer=reviewer))

    @waiting
    @rule(after=later)
    def a_deadline_passes(self, after: timedelta) -> None:
        if self.watch.step(partial(expire_next_request, now=timezone.now() + after)) is None:
            self.watch.nothing_happened()

    @waiting
    @rule(after=later)
    def a_stage_is_due(self, after: timedelta) -> None:
        if self.watch.step(partial(carry_out_next_escalation, now=timezone.now() + after)) is None:
            self.watch.nothing_happened()

    @rule(asked=requests, cancelled=st.booleans())
    def a_run_ends(self, asked: Asked, cancelled: bool) -> None:
        if cancelled:
            self.watch.step(partial(self.world.withdraw, asked))
        else:
            self.watch.step(partial(withdraw_ended, request_id=asked.pk, at=timezone.now(), reason="killed"))

    @decided
    @rule(after=st.sampled_from([timedelta(), timedelta(), timedelta(minutes=6)]))
    def a_courier_takes_up_what_is_due(self, after: timedelta) -> None:
        self.watch.step(partial(self.world.claim, timezone.now() + after))

    @taken_up
    @rule(number=latest, together=st.booleans())
    def a_courier_sends(self, number: int, together: bool) -> None:
        parcels = self.world.parcels[-2:] if together else [self.recent(self.world.parcels, number)]
        self.watch.step(partial(self.world.send, parcels))

    @taken_up
    @rule(number=latest, found=st.sampled_from(sorted(FINDINGS)))
    def a_courier_finds_out(self, number: int, found: str) -> None:
        parcel = self.recent(self.world.parcels, number)
        self.watch.step(partial(FINDINGS[found], delivery_id=parcel.delivery_id, at=timezone.now()))

    @decided
    @rule(asked=requests, number=latest)
    def an_agent_acknowledges_any_decision(self, asked: Asked, number: int) -> None:
        decision = self.recent(self.watch.now.decisions.values(), number)
        self.acknowledge(asked, decision)

    @decided
    @rule(asked=requests, number=latest)
    def an_agent_acknowledges_what_was_decided(self, asked: Asked, number: int) -> None:
        if own := self.watch.now.of(self.watch.now.decisions, asked.pk):
            self.acknowledge(asked, self.recent(own, number))

    @decided
    @rule(asked=requests, state=st.sampled_from(["done", "failed"]))
    def an_agent_reports(self, asked: Asked, state: Any) -> None:
        self.watch.step(partial(self.world.report, asked, state))

    @room
    @rule(target=requests, asked=requests, answered=st.booleans(), steps=st.integers(0, 2))
    def a_run_is_restarted_behind_its_announcement(self, asked: Asked, answered: bool, steps: int) -> Any:
        tool = asked.wanted.tool
        taken_along = frozenset([acknowledge_step(tool), report_step(tool)][:steps])
        restart = partial(self.world.restart_behind_the_announcement, asked, taken_along, answered=answered)
        return self.note_asked(restart)

    @room
    @rule(target=requests, asked=requests)
    def a_run_is_restarted_before_its_announcement(self, asked: Asked) -> Any:
        again = self.note_asked(partial(self.world.restart_before_the_announcement, asked))
        for _ in range(2):
            self.watch.step(partial(self.world.find_out, again, asked))
        self.watch.nothing_happened()
        return again
