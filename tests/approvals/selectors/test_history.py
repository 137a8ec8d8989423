"""Earlier decisions on the same tool and on nearly the same arguments."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest
from approvals.presentation.history import contrasts_of, more_differences, summary_of
from approvals.selectors.history import History, history_of
from approvals.selectors.related import MOST_SETTLED, related_to
from approvals.services.decide import approve_request, reject_request
from approvals.services.reconciling import withdraw_ended
from tests.announcing import CLAIM, CLAIM_SCHEMA, announce
from tests.approvals.selectors.crowd import plan_of, settled_crowd

type Decide = Callable[..., ApprovalRequest]


def claim(**changes: Any) -> dict[str, Any]:
    return {"arguments": {"claim": CLAIM["claim"] | changes}, "arguments_schema": CLAIM_SCHEMA}


@pytest.fixture
def decided(agent_service: AgentService, reviewer: User) -> Decide:
    """A function that announces a request and decides it."""

    def decide(outcome: str = "approved", note: str = "", **overrides: Any) -> ApprovalRequest:
        request = announce(agent_service, **overrides)
        decide_on = partial(approve_request if outcome == "approved" else reject_request, note=note)
        decide_on(request_id=request.pk, reviewer=reviewer, seen=request.digest)
        return request

    return decide


def history(user: User, request: ApprovalRequest) -> History:
    request.refresh_from_db()
    return history_of(user, request, related_to(user, request), timezone.now())


def test_without_earlier_decisions_there_is_no_history(agent_service: AgentService, reviewer: User) -> None:
    found = history(reviewer, announce(agent_service))
    assert not found
    assert summary_of(found) == ""


def test_the_same_comes_before_the_nearly_same_and_others_stand_apart(
    agent_service: AgentService, reviewer: User, decided: Decide
) -> None:
    far = decided(**claim(amount=3.0, category="travel", date="1999-12-31", reason="Train"))
    same = decided("rejected", "too much")
    near = decided(note="fine", **claim(amount=1650.0))
    found = history(reviewer, announce(agent_service))
    assert [one.request.pk for one in found.alike] == [same.pk, near.pk]
    assert [one.is_the_same for one in found.alike] == [True, False]
    assert [one.request.pk for one in found.latest] == [far.pk]
    assert [one.decision.note for one in found.alike if one.decision] == ["too much", "fine"]
    likeness = found.alike[1].likeness
    assert likeness is not None
    assert [(one.path, one.then, one.now) for one in contrasts_of(likeness)] == [("claim.amount", "1,650", "1,800")]
    assert more_differences(likeness) == 0
    assert summary_of(found) == "In the last 90 days: 2 approved, 1 rejected"


def test_other_agents_tools_and_withdrawn_requests_are_no_history(
    agent_service: AgentService, reviewer: User, decided: Decide
) -> None:
    decided(agent="another_agent")
    decided(tool="another_tool")
    withdrawn = announce(agent_service)
    withdraw_ended(request_id=withdrawn.pk, at=timezone.now(), reason="the run was killed")
    announce(agent_service)
    assert not history(reviewer, announce(agent_service))


def test_only_what_the_viewer_may_see_is_told(
    agent_service: AgentService, reviewer: User, outsider: User, decided: Decide
) -> None:
    decided()
    request = announce(agent_service, groups=["finance", "legal"])
    assert len(history(reviewer, request).alike) == 1
    assert not history(outsider, request)
    outsider.user_permissions.add(Permission.objects.get(codename="view_approvalrequest"))
    assert len(history(User.objects.get(pk=outsider.pk), request).alike) == 1


def test_a_decided_request_shows_what_was_decided_before_it_and_not_after(reviewer: User, decided: Decide) -> None:
    first, second, third = decided(), decided(), decided()
    assert [one.request.pk for one in history(reviewer, second).alike] == [first.pk]
    assert [one.request.pk for one in history(reviewer, third).alike] == [second.pk, first.pk]


def test_what_is_long_ago_is_not_counted_and_shown_all_the_same(
    agent_service: AgentService, reviewer: User, decided: Decide
) -> None:
    old = decided()
    ApprovalRequest.objects.filter(pk=old.pk).update(settled_at=timezone.now() - timedelta(days=91))
    found = history(reviewer, announce(agent_service))
    assert [one.request.pk for one in found.alike] == [old.pk]
    assert summary_of(found) == ""


def test_arguments_that_are_too_large_are_compared_by_their_digest_alone(
    agent_service: AgentService, reviewer: User, decided: Decide
) -> None:
    # Not to be compressed: what counts is what is stored.
    large = {"rows": [timezone.now().isoformat() + str(number * 7919) for number in range(3_000)]}
    same = decided(arguments=large)
    other = decided(arguments=large | {"x": 1})
    found = history(reviewer, announce(agent_service, arguments=large))
    assert [one.request.pk for one in found.alike] == [same.pk]
    assert [one.request.pk for one in found.latest] == [other.pk]


def test_texts_are_contrasted_where_they_differ(agent_service: AgentService, reviewer: User, decided: Decide) -> None:
    begin = "the same words again and again, " * 20
    decided(arguments={"to": "a", "text": begin + "then\u202e"}, arguments_schema={})
    found = history(reviewer, announce(agent_service, arguments={"to": "a", "text": begin + "now"}))
    likeness = found.alike[0].likeness
    assert likeness is not None
    (contrast,) = contrasts_of(likeness)
    assert contrast.then.startswith("…")
    assert "U+202E" in contrast.then
    assert contrast.now.endswith("again, now")


class TestAmongThousands:
    def test_the_plan_reads_indexes_only_and_the_number_of_queries_stays(
        self, agent_service: AgentService, reviewer: User, decided: Decide
    ) -> None:
        decided()
        request = announce(agent_service)
        history(reviewer, request)
        with CaptureQueriesContext(connection) as few:
            history(reviewer, request)
        settled_crowd(request, 20_000)
        with CaptureQueriesContext(connection) as many:
            history(reviewer, request)
        assert len(many) == len(few)
        for query in many.captured_queries:
            assert "Seq Scan on approvals_approvalrequest" not in plan_of(query["sql"])

    def test_the_summary_says_of_how_many_it_tells(
        self, agent_service: AgentService, reviewer: User, decided: Decide
    ) -> None:
        request = announce(agent_service)
        settled_crowd(request, 1_000, tool="'reimburse'")
        found = history(reviewer, request)
        assert summary_of(found) == f"Of the latest {MOST_SETTLED}: {MOST_SETTLED} approved"

    def test_the_very_same_is_found_at_any_age(
        self, agent_service: AgentService, reviewer: User, decided: Decide
    ) -> None:
        same = decided()
        ApprovalRequest.objects.filter(pk=same.pk).update(settled_at=timezone.now() - timedelta(days=900))
        settled_crowd(same, 1_000, tool="'reimburse'")
        found = history(reviewer, announce(agent_service))
        assert found.alike[0].request.pk == same.pk
