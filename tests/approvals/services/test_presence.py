"""Who has a request open, as it is kept."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest, Presence
from approvals.selectors.presence import STALE_AFTER
from approvals.services.presence import OpenPage, close_page, open_page, renew_pages, sweep_stale_pages
from tests.announcing import announce

NOW = timezone.now()


@pytest.fixture
def request_(agent_service: AgentService, reviewer: User) -> ApprovalRequest:
    return announce(agent_service)


@pytest.fixture
def page(request_: ApprovalRequest, reviewer: User) -> OpenPage:
    assert open_page(user=reviewer, request_id=request_.pk, socket="mine", at=NOW)
    return OpenPage("mine", request_.pk, reviewer.pk)


def test_somebody_who_may_not_see_the_request_is_not_noted(request_: ApprovalRequest, outsider: User) -> None:
    assert not open_page(user=outsider, request_id=request_.pk, socket="theirs", at=NOW)
    assert not Presence.objects.exists()


def test_a_closed_page_is_forgotten_and_closing_it_again_changes_nothing(page: OpenPage) -> None:
    for _ in range(2):
        close_page(page=page)
        assert not Presence.objects.exists()


def test_a_page_that_was_swept_away_while_its_process_stood_still_comes_back(page: OpenPage) -> None:
    later = NOW + STALE_AFTER
    sweep_stale_pages(at=later)
    assert not Presence.objects.exists()
    renew_pages(pages=[page], at=later)
    assert Presence.objects.get().seen_at == later


def test_a_page_that_is_renewed_is_not_swept_away(page: OpenPage) -> None:
    renew_pages(pages=[page], at=NOW + timedelta(seconds=20))
    sweep_stale_pages(at=NOW + STALE_AFTER)
    assert Presence.objects.get().pk == "mine"


def test_the_page_of_somebody_who_was_removed_keeps_no_other_from_being_renewed(
    page: OpenPage, request_: ApprovalRequest, second_reviewer: User
) -> None:
    theirs = OpenPage("theirs", request_.pk, second_reviewer.pk)
    second_reviewer.delete()
    renew_pages(pages=[theirs, page], at=NOW + timedelta(seconds=20))
    assert Presence.objects.get().seen_at == NOW + timedelta(seconds=20)
