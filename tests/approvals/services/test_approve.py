"""A reviewer approves."""

import pytest
from django.contrib.auth.models import User

from approvals.errors import AlreadySettled, ChangedMeanwhile, InvalidInput, NotAuthorised
from approvals.models import AgentService, ApprovalRequest, Delivery
from approvals.services.decide import approve_request, reject_request
from restate_bridge.contract import digest_of
from tests.announcing import announce, question


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


def test_an_approval_settles_the_request_records_it_and_queues_its_delivery(
    request_: ApprovalRequest, reviewer: User
) -> None:
    decision = approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, note="receipt checked")
    request_.refresh_from_db()
    assert request_.status == "approved"
    assert (decision.settles, decision.arguments, decision.digest) == (True, request_.arguments, request_.digest)
    delivery = Delivery.objects.get(request=request_)
    assert (delivery.state, delivery.decision, delivery.due_at) == ("queued", decision, decision.decided_at)
    event = request_.events.get(code="request.approved")
    assert (event.actor, event.status_from, event.status_to) == ("user:reviewer", "pending", "approved")
    assert event.data["note"] == "receipt checked"


def test_whoever_comes_second_is_told_and_changes_nothing(
    request_: ApprovalRequest, reviewer: User, second_reviewer: User
) -> None:
    approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest)
    with pytest.raises(AlreadySettled):
        reject_request(request_id=request_.pk, reviewer=second_reviewer, seen=request_.digest, note="no")
    request_.refresh_from_db()
    assert (request_.status, request_.decisions.count()) == ("approved", 1)


def test_an_outsider_cannot_approve(request_: ApprovalRequest, outsider: User) -> None:
    with pytest.raises(NotAuthorised, match="not_a_reviewer"):
        approve_request(request_id=request_.pk, reviewer=outsider, seen=request_.digest)
    assert not request_.decisions.exists()


def test_the_requester_cannot_approve_even_as_a_member_of_the_group(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, requester="reviewer")
    with pytest.raises(NotAuthorised, match="own_request"):
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)


def test_a_deactivated_members_groups_do_not_count_for_others(request_: ApprovalRequest, requester: User) -> None:
    with pytest.raises(NotAuthorised):
        approve_request(request_id=request_.pk, reviewer=requester, seen=request_.digest)


def test_a_question_cannot_be_approved(agent_service: AgentService, reviewer: User) -> None:
    request = announce(agent_service, question())
    with pytest.raises(InvalidInput):
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)


class TestHighRisk:
    @pytest.fixture
    def risky(self, agent_service: AgentService, reviewer: User) -> ApprovalRequest:
        return announce(agent_service, risk="high")

    @pytest.mark.parametrize("typed", ["", "reimburs", "Reimburse", "yes"])
    def test_an_approval_that_was_not_confirmed_decides_nothing(
        self, risky: ApprovalRequest, reviewer: User, typed: str
    ) -> None:
        with pytest.raises(InvalidInput, match="type reimburse to confirm") as refused:
            approve_request(request_id=risky.pk, reviewer=reviewer, seen=risky.digest, confirmation=typed)
        assert refused.value.field == "confirmation"
        assert not risky.decisions.exists()

    def test_the_tools_name_confirms(self, risky: ApprovalRequest, reviewer: User) -> None:
        decision = approve_request(
            request_id=risky.pk, reviewer=reviewer, seen=risky.digest, confirmation=" reimburse "
        )
        assert decision.settles

    def test_a_rejection_needs_no_confirmation(self, risky: ApprovalRequest, reviewer: User) -> None:
        assert reject_request(request_id=risky.pk, reviewer=reviewer, seen=risky.digest, note="no").settles


class TestEditing:
    def test_edited_arguments_are_what_runs_and_the_original_stays(
        self, request_: ApprovalRequest, reviewer: User
    ) -> None:
        decision = approve_request(
            request_id=request_.pk, reviewer=reviewer, seen=request_.digest, edits={"claim.amount": 1500}
        )
        assert decision.arguments is not None
        assert decision.arguments["claim"]["amount"] == 1500
        assert decision.digest == digest_of("reimburse", decision.arguments)
        request_.refresh_from_db()
        assert request_.arguments["claim"]["amount"] == 1800
        assert request_.events.get(code="request.approved").data["changed"] == ["claim.amount"]

    @pytest.mark.parametrize(
        "edits",
        [{"claim.category": "travel"}, {"claim.amount": -1}, {"claim.amount": "much"}, {"claim.reason": ""}],
        ids=["not editable", "below the minimum", "of another type", "too short"],
    )
    def test_an_edit_that_is_not_allowed_or_does_not_fit_decides_nothing(
        self, request_: ApprovalRequest, reviewer: User, edits: dict[str, object]
    ) -> None:
        with pytest.raises(InvalidInput):
            approve_request(request_id=request_.pk, reviewer=reviewer, seen=request_.digest, edits=edits)  # type: ignore[arg-type]
        request_.refresh_from_db()
        assert request_.is_pending
        assert not request_.decisions.exists()


class TestQuorum:
    @pytest.fixture
    def for_two(self, agent_service: AgentService, reviewer: User) -> ApprovalRequest:
        return announce(agent_service, quorum=2)

    def test_the_first_of_two_approvals_leaves_it_pending_with_nothing_to_deliver(
        self, for_two: ApprovalRequest, reviewer: User
    ) -> None:
        decision = approve_request(request_id=for_two.pk, reviewer=reviewer, seen=for_two.digest)
        for_two.refresh_from_db()
        assert (for_two.status, decision.settles) == ("pending", False)
        assert not Delivery.objects.exists()
        assert for_two.events.filter(code="decision.recorded").count() == 1

    def test_the_same_person_never_counts_twice(self, for_two: ApprovalRequest, reviewer: User) -> None:
        approve_request(request_id=for_two.pk, reviewer=reviewer, seen=for_two.digest)
        with pytest.raises(NotAuthorised, match="already_approved"):
            approve_request(request_id=for_two.pk, reviewer=reviewer, seen=for_two.digest)

    def test_the_second_person_settles_it(
        self, for_two: ApprovalRequest, reviewer: User, second_reviewer: User
    ) -> None:
        approve_request(request_id=for_two.pk, reviewer=reviewer, seen=for_two.digest)
        approve_request(request_id=for_two.pk, reviewer=second_reviewer, seen=for_two.digest)
        for_two.refresh_from_db()
        assert for_two.status == "approved"
        assert for_two.decisions.filter(settles=True).count() == 1

    def test_an_edit_starts_the_count_anew_and_a_page_from_before_it_decides_nothing(
        self, for_two: ApprovalRequest, reviewer: User, second_reviewer: User
    ) -> None:
        approve_request(request_id=for_two.pk, reviewer=reviewer, seen=for_two.digest)
        edited = approve_request(
            request_id=for_two.pk, reviewer=second_reviewer, seen=for_two.digest, edits={"claim.amount": 900}
        )
        for_two.refresh_from_db()
        assert for_two.is_pending
        with pytest.raises(ChangedMeanwhile):
            approve_request(request_id=for_two.pk, reviewer=reviewer, seen=for_two.digest)
        settling = approve_request(request_id=for_two.pk, reviewer=reviewer, seen=edited.digest)
        assert settling.settles
        assert settling.arguments is not None
        assert settling.arguments["claim"]["amount"] == 900
