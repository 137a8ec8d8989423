"""An agent announces that it waits for a person."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from approvals.errors import ContentConflict, UnknownGroup
from approvals.models import AgentService, ApprovalRequest
from approvals.services.agents import register_agent_service
from approvals.services.announce import announce_request
from restate_bridge.ids import awakeable_id
from tests.announcing import announce, announcement, question

pytestmark = pytest.mark.usefixtures("finance")

DIGEST_BEFORE_REJECT_REASONS = "sha256:2e4ed7348c4d9556bcd399efc6926d5ad951a735c7894352b0d4eb1f7ae229e6"


def test_an_announcement_becomes_a_pending_request_with_everything_that_was_said(agent_service: AgentService) -> None:
    request = announce(agent_service, risk="high", quorum=2)
    request.refresh_from_db()
    assert (request.status, request.risk, request.quorum) == ("pending", "high", 2)
    assert request.arguments["claim"]["amount"] == 1800
    assert [group.name for group in request.groups.all()] == ["finance"]
    assert request.context[0]["text"] == "Reimburse my hotel."
    event = request.events.get()
    assert (event.code, event.actor) == ("request.announced", "agent:samples")


def test_what_is_asked_together_is_part_of_what_is_announced(agent_service: AgentService) -> None:
    alone = announcement()
    shared = alone.model_copy(update={"together": "0123456789abcdef" * 2})
    request = announce(agent_service, shared)
    assert request.together == shared.together
    with pytest.raises(ContentConflict):
        announce(agent_service, alone)


def test_announcing_the_same_again_changes_nothing(agent_service: AgentService) -> None:
    wanted = announcement()
    first = announce(agent_service, wanted)
    assert announce(agent_service, wanted).pk == first.pk
    assert ApprovalRequest.objects.count() == 1
    assert first.events.count() == 1


def test_an_announcement_without_reject_reasons_has_the_digest_that_it_had_before_there_were_any(
    agent_service: AgentService,
) -> None:
    wanted = announcement(invocation_id="inv_10" + "a" * 10 + "0" + "b" * 21)
    assert announce(agent_service, wanted).content_digest == DIGEST_BEFORE_REJECT_REASONS


def test_reject_reasons_are_kept_in_their_order_and_are_content(agent_service: AgentService) -> None:
    wanted = announcement(reject_reasons=["No receipt.", "Paid already."])
    request = announce(agent_service, wanted)
    request.refresh_from_db()
    assert request.reject_reasons == ["No receipt.", "Paid already."]
    with pytest.raises(ContentConflict):
        announce(agent_service, wanted.model_copy(update={"reject_reasons": []}))


def test_another_context_is_no_other_content_because_a_repeated_step_sees_other_times(
    agent_service: AgentService,
) -> None:
    wanted = announcement()
    first = announce(agent_service, wanted)
    assert announce(agent_service, wanted.model_copy(update={"context": []})).pk == first.pk


def test_the_same_id_with_other_content_is_refused(agent_service: AgentService) -> None:
    wanted = announcement()
    announce(agent_service, wanted)
    with pytest.raises(ContentConflict):
        announce(agent_service, wanted.model_copy(update={"title": "Something else"}))


def test_another_service_cannot_announce_under_a_taken_id(agent_service: AgentService) -> None:
    wanted = announcement()
    announce(agent_service, wanted)
    with pytest.raises(ContentConflict):
        announce(register_agent_service(name="other", token="x" * 40), wanted)


def test_a_group_that_does_not_exist_is_named_and_nothing_is_kept(agent_service: AgentService) -> None:
    with pytest.raises(UnknownGroup, match="treasury"):
        announce(agent_service, groups=["finance", "treasury"])
    assert not ApprovalRequest.objects.exists()


def test_without_groups_the_default_group_decides(agent_service: AgentService) -> None:
    # It was made with the tables.
    assert Group.objects.filter(name="reviewers").exists()
    assert [group.name for group in announce(agent_service, groups=[]).groups.all()] == ["reviewers"]


def test_a_deadline_counts_from_when_the_inbox_heard_of_it(agent_service: AgentService) -> None:
    request = announce(agent_service, deadline_seconds=3600)
    assert request.deadline_at is not None
    assert abs(request.deadline_at - request.announced_at - timedelta(hours=1)) < timedelta(seconds=5)


def test_a_question_keeps_its_choices(agent_service: AgentService) -> None:
    request = announce(agent_service, question())
    assert (request.question, request.choices) == ("Which supplier?", ["Hanil", "Dongbang"])


def test_asking_again_withdraws_the_request_that_it_replaces_and_links_them(agent_service: AgentService) -> None:
    old = announce(agent_service)
    wanted = announcement(invocation_id=old.invocation_id, supersedes=old.awakeable_id)
    new, _ = announce_request(
        agent_service=agent_service, awakeable_id=awakeable_id(old.invocation_id, 18), announcement=wanted
    )
    old.refresh_from_db()
    assert (old.status, old.superseded_by) == ("withdrawn", new)
    assert new.is_pending
