"""A run is restarted from a step: exactly one request is live, or none when the decision went along."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import Group, User
from django.utils import timezone

from approvals.courier.letters import letter_for
from approvals.errors import InvalidInput
from approvals.models import AgentService, ApprovalRequest, Decision, Delivery
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.announce import announce_request
from approvals.services.decide import approve_request, reject_request
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.report import report_result
from approvals.services.restarts import link_restart, rebind_request
from approvals.services.travelling import claim_due_deliveries
from restate_bridge.contract import Acknowledgement, Rebinding, Report
from restate_bridge.ids import awakeable_id
from tests.announcing import announce, announcement, invocation_id

type Restarted = Callable[..., ApprovalRequest]


@pytest.fixture
def origin(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service, deadline_seconds=3_600, escalations=[{"after_seconds": 60, "groups": ["finance"]}])


@pytest.fixture
def restarted(agent_service: AgentService, origin: ApprovalRequest) -> Restarted:
    """Restart the origin's run, or the run of ``after``, with what it took along."""

    def restart(
        *, after: ApprovalRequest = origin, answer: str | None = None, steps: set[str] | None = None
    ) -> ApprovalRequest:
        return rebind_request(
            agent_service=agent_service,
            announcement_id=origin.awakeable_id,
            rebinding=rebinding_of(invocation_id()),
            ancestors={after.invocation_id: answer is not None},
            answer=answer,
            steps=steps or (),
        )

    return restart


def rebinding_of(run: str) -> Rebinding:
    reference = announcement(invocation_id=run).run
    return Rebinding(awakeable_id=awakeable_id(run), run=reference)


def approve(request: ApprovalRequest, reviewer: User) -> Decision:
    return approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)


def token_of(decision: Decision) -> str:
    parcels = claim_due_deliveries(now=timezone.now(), at_most=10)
    parcel = next(parcel for parcel in parcels if parcel.decision_id == decision.pk)
    return letter_for(parcel, Ed25519PrivateKey.generate()).token


def acknowledge(service: AgentService, request: ApprovalRequest, decision: Decision) -> bool:
    return acknowledge_decision(
        agent_service=service,
        awakeable_id=request.awakeable_id,
        acknowledgement=Acknowledgement(decision_id=str(decision.pk)),
    ).go


def test_what_still_waits_is_asked_again_and_taken_out_of_the_inbox(
    origin: ApprovalRequest, restarted: Restarted
) -> None:
    again = restarted()
    origin.refresh_from_db()
    assert (origin.status, again.status) == ("withdrawn", "pending")
    assert again.restarted_from == origin
    assert again.schema_digest == origin.schema_digest != ""
    assert list(origin.restarts.all()) == [again]
    assert again.announcement_id == origin.awakeable_id != again.awakeable_id
    assert origin.events.filter(code="request.restarted", data__isnull=False).count() == 1


def test_it_is_asked_as_it_was_with_the_same_time_to_decide(origin: ApprovalRequest, restarted: Restarted) -> None:
    again = restarted()
    assert (again.title, again.arguments, again.digest) == (origin.title, origin.arguments, origin.digest)
    assert list(again.groups.all()) == list(origin.groups.all())
    assert again.deadline_at
    assert origin.deadline_at
    assert (
        abs((again.deadline_at - again.announced_at) - (origin.deadline_at - origin.announced_at)).total_seconds() < 1
    )
    [stage], [was] = again.escalations.all(), origin.escalations.all()
    assert abs((stage.due_at - again.announced_at) - (was.due_at - origin.announced_at)).total_seconds() < 1
    assert stage.carried_out_at is None


def test_what_was_asked_together_is_asked_together_again(origin: ApprovalRequest, restarted: Restarted) -> None:
    origin.together = "0123456789abcdef" * 2
    origin.save()
    assert restarted().together == origin.together


def test_telling_it_twice_makes_one_request(agent_service: AgentService, origin: ApprovalRequest) -> None:
    rebinding = rebinding_of(invocation_id())
    made = [
        rebind_request(
            agent_service=agent_service,
            announcement_id=origin.awakeable_id,
            rebinding=rebinding,
            ancestors={origin.invocation_id: False},
            answer=None,
            steps=(),
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert ApprovalRequest.objects.count() == 2


def test_a_decided_request_is_asked_again_when_the_run_goes_back_before_the_decision(
    origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    approve(origin, reviewer)
    again = restarted()
    origin.refresh_from_db()
    assert (origin.status, again.status) == ("approved", "pending")


def test_the_old_decision_does_not_go_for_the_new_request(
    agent_service: AgentService, origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    old = approve(origin, reviewer)
    again = restarted()
    assert not acknowledge(agent_service, again, old)
    new = approve(again, reviewer)
    assert not acknowledge(agent_service, again, old)
    assert acknowledge(agent_service, again, new)


def test_the_new_decision_is_signed_for_the_announcement_and_sent_to_the_awakeable_in_hand(
    origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    again = restarted()
    approve(again, reviewer)
    [parcel] = claim_due_deliveries(now=timezone.now(), at_most=10)
    assert (parcel.awakeable_id, parcel.announcement_id) == (again.awakeable_id, origin.awakeable_id)


def test_a_decision_that_went_along_is_kept_and_nobody_is_asked(
    agent_service: AgentService, origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    decision = approve(origin, reviewer)
    again = restarted(answer=token_of(decision))
    assert again.status == "approved"
    kept = again.decisions.get()
    assert (kept.kept_from, kept.reviewer, kept.settles) == (decision, reviewer, True)
    event = again.events.get(code="request.decision_kept")
    assert (event.status_from, event.status_to, event.data["kept_from"]) == ("pending", "approved", origin.pk)
    assert acknowledge(agent_service, again, decision)
    report_result(
        agent_service=agent_service, awakeable_id=again.awakeable_id, report=Report(state="done", result="again")
    )
    assert Delivery.objects.get(request=again).result == "again"


def test_a_kept_decision_is_never_sent_again(origin: ApprovalRequest, restarted: Restarted, reviewer: User) -> None:
    again = restarted(answer=token_of(approve(origin, reviewer)))
    assert Delivery.objects.get(request=again).state == "sent"
    assert Delivery.objects.get(request=again).claimed_at is not None


def test_a_run_that_had_acknowledged_is_known_to_have_received_it(
    origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    token = token_of(approve(origin, reviewer))
    again = restarted(answer=token, steps={"acknowledge decision: reimburse"})
    assert Delivery.objects.get(request=again).state == "received"


def test_a_run_that_had_reported_has_nothing_left_to_report(
    agent_service: AgentService, origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    decision = approve(origin, reviewer)
    token = token_of(decision)
    acknowledge(agent_service, origin, decision)
    report = Report(state="done", result={"paid": True})
    report_result(agent_service=agent_service, awakeable_id=origin.awakeable_id, report=report)
    again = restarted(answer=token, steps={"acknowledge decision: reimburse", "report: reimburse"})
    delivery = Delivery.objects.get(request=again)
    assert (delivery.state, delivery.result, delivery.due_at) == ("done", {"paid": True}, None)


@pytest.mark.parametrize("answer", ["", "garbage", "a.b.c", f"x\n{uuid.uuid4()}"])
def test_nobody_is_asked_about_an_awakeable_that_garbage_had_reached_and_the_agent_asks_again(
    agent_service: AgentService, origin: ApprovalRequest, restarted: Restarted, reviewer: User, answer: str
) -> None:
    approve(origin, reviewer)
    again = restarted(answer=answer)
    assert again.status == "withdrawn"
    assert "no valid decision" in again.events.get(code="request.withdrawn").data["reason"]
    fresh = announcement(invocation_id=again.invocation_id, supersedes=again.awakeable_id)
    announce_request(
        agent_service=agent_service, awakeable_id=awakeable_id(again.invocation_id, 18), announcement=fresh
    )
    assert ApprovalRequest.objects.filter(status="pending").count() == 1


def test_an_old_decision_that_was_refused_is_not_kept_by_one_more_restart(
    agent_service: AgentService, origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    old = approve(origin, reviewer)
    token = token_of(old)
    second = restarted()
    assert not acknowledge(agent_service, second, old)
    reject_request(request_id=second.pk, reviewer=reviewer, seen=second.digest, note="not again")
    third = restarted(after=second, answer=token)
    assert third.status == "withdrawn"
    assert not acknowledge(agent_service, third, old)


def test_a_decision_that_only_reached_a_later_run_is_not_kept_from_an_earlier_one(
    agent_service: AgentService, origin: ApprovalRequest, reviewer: User
) -> None:
    token = token_of(approve(origin, reviewer))
    again = rebind_request(
        agent_service=agent_service,
        announcement_id=origin.awakeable_id,
        rebinding=rebinding_of(invocation_id()),
        ancestors={invocation_id(): True, origin.invocation_id: False},
        answer=token,
        steps=(),
    )
    assert again.status == "withdrawn"


def test_a_run_that_descends_from_another_leaves_this_one_alone(
    agent_service: AgentService, origin: ApprovalRequest
) -> None:
    with pytest.raises(ApprovalRequest.DoesNotExist):
        rebind_request(
            agent_service=agent_service,
            announcement_id=origin.awakeable_id,
            rebinding=rebinding_of(invocation_id()),
            ancestors={invocation_id(): False},
            answer=None,
            steps=(),
        )
    origin.refresh_from_db()
    assert origin.is_pending


def test_whoever_came_in_by_escalation_comes_in_by_escalation_again(
    agent_service: AgentService, reviewer: User
) -> None:
    Group.objects.create(name="managers")
    escalating = announce(agent_service, escalations=[{"after_seconds": 60, "groups": ["managers"]}])
    carry_out_next_escalation(now=timezone.now() + timedelta(hours=1))
    again = rebind_request(
        agent_service=agent_service,
        announcement_id=escalating.awakeable_id,
        rebinding=rebinding_of(invocation_id()),
        ancestors={escalating.invocation_id: False},
        answer=None,
        steps=(),
    )
    assert [group.name for group in again.groups.all()] == ["finance"]
    assert again.escalates_at is not None


def test_a_restart_of_a_restart_follows_the_one_before(
    origin: ApprovalRequest, restarted: Restarted, reviewer: User
) -> None:
    second = restarted()
    decision = approve(second, reviewer)
    third = restarted(after=second, answer=token_of(decision))
    assert third.restarted_from == second
    assert third.decisions.get().kept_from == decision
    fourth = restarted(after=third, answer=None)
    assert (fourth.restarted_from, fourth.status) == (third, "pending")


def test_a_kept_decision_goes_along_once_more(origin: ApprovalRequest, restarted: Restarted, reviewer: User) -> None:
    decision = approve(origin, reviewer)
    token = token_of(decision)
    third = restarted(after=restarted(answer=token), answer=token)
    assert third.decisions.get().kept_from == decision


def test_a_parent_that_was_killed_before_it_told_the_inbox_leaves_a_gap_that_is_bridged(
    agent_service: AgentService, origin: ApprovalRequest
) -> None:
    again = rebind_request(
        agent_service=agent_service,
        announcement_id=origin.awakeable_id,
        rebinding=rebinding_of(invocation_id()),
        ancestors={invocation_id(): False, origin.invocation_id: False},
        answer=None,
        steps=(),
    )
    assert again.restarted_from == origin


def test_a_run_can_not_wait_for_another_runs_awakeable(agent_service: AgentService, origin: ApprovalRequest) -> None:
    rebinding = rebinding_of(invocation_id()).model_copy(update={"awakeable_id": awakeable_id(invocation_id())})
    with pytest.raises(InvalidInput):
        rebind_request(
            agent_service=agent_service,
            announcement_id=origin.awakeable_id,
            rebinding=rebinding,
            ancestors={origin.invocation_id: False},
            answer=None,
            steps=(),
        )


class TestARunThatAsksAnew:
    """Restarted before its announcement, a run announces as if it were the first time."""

    def test_it_is_linked_to_what_its_parent_had_asked(
        self, agent_service: AgentService, origin: ApprovalRequest
    ) -> None:
        again = announce(agent_service)
        link_restart(request_id=again.pk, parent_invocation_id=origin.invocation_id)
        again.refresh_from_db()
        origin.refresh_from_db()
        assert (again.restarted_from, origin.status) == (origin, "withdrawn")

    def test_linking_twice_writes_once(self, agent_service: AgentService, origin: ApprovalRequest) -> None:
        again = announce(agent_service)
        for _ in range(2):
            link_restart(request_id=again.pk, parent_invocation_id=origin.invocation_id)
        assert origin.events.filter(code="request.restarted").count() == 1

    def test_a_parent_that_had_not_asked_there_is_no_matter(self, agent_service: AgentService, reviewer: User) -> None:
        again = announce(agent_service)
        link_restart(request_id=again.pk, parent_invocation_id=invocation_id())
        again.refresh_from_db()
        assert (again.restarted_from, again.status) == (None, "pending")


def test_asking_again_after_garbage_takes_the_place_of_the_restarted_request(
    agent_service: AgentService, origin: ApprovalRequest, restarted: Restarted
) -> None:
    again = restarted()
    fresh = awakeable_id(again.invocation_id, 18)
    wanted = announcement(invocation_id=again.invocation_id, supersedes=again.awakeable_id)
    announce_request(agent_service=agent_service, awakeable_id=fresh, announcement=wanted)
    assert [request.awakeable_id for request in ApprovalRequest.objects.filter(status="pending")] == [fresh]
