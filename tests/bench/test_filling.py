"""What the bench fills in is what the database would have kept by itself."""

import pytest
from django.db import connection
from django.db.models import F

from approvals.models import AgentService, ApprovalRequest, Comment, Decision, KnownTool, RequestGroup, SearchEntry
from bench.crowd import gather
from bench.filling import fill

NUMBER = 400


@pytest.fixture
def filled(agent_service: AgentService) -> list[ApprovalRequest]:
    fill(NUMBER, NUMBER // 10, gather(), service=agent_service.pk)
    return list(ApprovalRequest.objects.order_by("pk"))


def told_again(request: ApprovalRequest) -> ApprovalRequest:
    """Write a copy in the order of life, with the triggers on: announced, decided, talked about, settled."""
    copy = ApprovalRequest.objects.get(pk=request.pk)
    copy.pk, copy.awakeable_id = None, f"sign_1copy{request.pk}"
    copy.status, copy.settled_at = "pending", None
    copy.save(force_insert=True)
    for asked in RequestGroup.objects.filter(request=request).order_by("pk"):
        RequestGroup.objects.create(request=copy, group=asked.group)
    for model in (Decision, Comment):
        for said in model.objects.filter(request=request):
            said.pk, said.request = None if model is Comment else said._meta.pk.get_default(), copy
            said.save(force_insert=True)
    copy.status, copy.settled_at = request.status, request.settled_at
    copy.save(update_fields=["status", "settled_at"])
    return copy


def kept(request: ApprovalRequest) -> tuple[object, ...]:
    """Return what the database keeps about a request; its words without its number, which they begin with."""
    queues = RequestGroup.objects.filter(request=request, announced_at=F("request__announced_at")).order_by("group")
    words = SearchEntry.objects.get(request=request).words.removeprefix(str(request.pk))
    columns = ("group", "due_at", "risk_rank", "tool", "status", "settled_at")
    return list(queues.values_list(*columns)), words


def test_a_filled_request_is_in_queues_and_search_as_an_announced_one(filled: list[ApprovalRequest]) -> None:
    columns = ("request__agent", "request__tool")
    tools = set(KnownTool.objects.values_list("group", "agent", "tool"))
    assert set(RequestGroup.objects.values_list("group", *columns)) == tools
    assert [kept(told_again(request)) for request in filled] == [kept(request) for request in filled]
    assert set(KnownTool.objects.values_list("group", "agent", "tool")) == tools
    assert not RequestGroup.objects.exclude(
        group=F("tool__group"), request__agent=F("tool__agent"), request__tool=F("tool__tool")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM approvals_searchentry WHERE vector IS DISTINCT FROM "
            "to_tsvector('simple', words) || approvals_pieces_of(words) || approvals_marks_of(request_id)"
        )
        assert cursor.fetchone() == (0,)


def test_the_inbox_is_as_full_and_as_various_as_wanted(filled: list[ApprovalRequest]) -> None:
    assert sum(request.is_pending for request in filled) == NUMBER // 10
    assert all(request.is_pending == (request.settled_at is None) for request in filled)
    settled = {request.pk for request in filled if not request.is_pending}
    assert {pk for (pk,) in Decision.objects.filter(settles=True).values_list("request")} == settled
    assert {request.risk for request in filled} == {"low", "medium", "high"}
    assert Comment.objects.exists()


def test_the_indexes_and_triggers_are_back(filled: list[ApprovalRequest]) -> None:
    with connection.cursor() as cursor:
        # One is off in all tests, see tests/conftest.py.
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O' AND tgname <> 'auditevent_never_emptied'"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename LIKE 'approvals_%'")
        names = {name for (name,) in cursor.fetchall()}
    models = (ApprovalRequest, RequestGroup, SearchEntry)
    assert {index.name for model in models for index in model._meta.indexes} <= names
