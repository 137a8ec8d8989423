"""The numbers on the tabs."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from approvals.models import AgentService
from approvals.presentation.filters import in_words
from approvals.rules.queue_query import QueueQuery
from approvals.selectors import counting, searching
from approvals.selectors.counting import counts_of
from approvals.selectors.inbox import asker_for, queue_page
from approvals.selectors.saved_views import views_for
from approvals.services.saved_views import save_view
from tests.announcing import announce


def test_queues_and_views_are_counted(agent_service: AgentService, reviewer: User) -> None:
    view = save_view(owner=reviewer, name="risky", query="risk=high")
    announce(agent_service, risk="high")
    announce(agent_service, risk="low")
    counts = queue_page(reviewer, QueueQuery.read({"queue": "decided"}), now=timezone.now()).counts
    assert counts == {"mine": 2, "teams": 2, "snoozed": 0, "waiting": 0, str(view.pk): 1}


def test_views_of_words_are_counted_as_their_lists_show_them(agent_service: AgentService, reviewer: User) -> None:
    announce(agent_service, title="Reimburse hotel in Busan")
    wanted = {"hotel": 1, "otel": 1, "zzz": 0}
    views = {save_view(owner=reviewer, name=words, query=f"queue=teams&q={words}").pk: words for words in wanted}
    counts = queue_page(reviewer, QueueQuery(), now=timezone.now()).counts
    assert {words: counts[str(pk)] for pk, words in views.items()} == wanted


@pytest.mark.parametrize("latest", [1, 3, 7])
def test_views_of_words_are_counted_through_all_stretches(
    agent_service: AgentService, reviewer: User, monkeypatch: pytest.MonkeyPatch, latest: int
) -> None:
    for _ in range(30):
        announce(agent_service, title="crane")
    monkeypatch.setattr(searching, "_LATEST", latest)
    monkeypatch.setattr(searching, "_FURTHER", 10)
    view = save_view(owner=reviewer, name="cranes", query="queue=teams&q=crane")
    assert queue_page(reviewer, QueueQuery(), now=timezone.now()).counts[str(view.pk)] == 30


def test_the_number_of_queries_does_not_grow_with_saved_views(
    agent_service: AgentService, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    announce(agent_service)
    for views in (1, 15):
        for number in range(views):
            save_view(owner=reviewer, name=f"{views} {number}", query=f"queue=teams&q=word{number}&tool=pay")
        saved = views_for(reviewer)
        reviewer = User.objects.get(pk=reviewer.pk)
        with django_assert_num_queries(7):
            # Groups, what they know of the tool, two of permissions; queues; the latest request, beginnings and parts.
            counts_of(asker_for(reviewer, [view.question for view in saved], now=timezone.now()), saved)


def test_counting_stops_where_nobody_cares_any_more(
    agent_service: AgentService, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)
    for _ in range(5):
        announce(agent_service)
    assert queue_page(reviewer, QueueQuery(), now=timezone.now()).counts["mine"] == 3


def test_somebody_without_groups_has_nothing(outsider: User) -> None:
    outsider.groups.clear()
    view = save_view(owner=outsider, name="words", query="queue=teams&q=word")
    page = queue_page(outsider, QueueQuery(), now=timezone.now())
    assert page.counts == {"mine": 0, "teams": 0, "snoozed": 0, "waiting": 0, str(view.pk): 0}
    assert not queue_page(outsider, QueueQuery.read({"queue": "teams", "q": "word"}), now=timezone.now()).requests


def test_a_hundred_and_more_are_one_word() -> None:
    assert [in_words(count) for count in (0, 1, 99, 100)] == ["", "1", "99", "99+"]
