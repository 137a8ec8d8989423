"""What is found, and by whom."""

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from approvals.models import AgentService, Comment
from approvals.rules.queue_query import QueueQuery
from approvals.selectors import searching
from approvals.selectors.inbox import queue_page
from approvals.services.decide import answer_request, approve_request
from tests.announcing import announce, question


def found(user: User, words: str, queue: str = "all") -> list[str]:
    page = queue_page(user, QueueQuery.read({"q": words, "queue": queue}), now=timezone.now())
    return [row.title for row in page.requests]


@pytest.fixture(autouse=True)
def requests(agent_service: AgentService, reviewer: User) -> None:
    arguments = {"claim": {"note": 'line one\nQuokka "quoted"', "invoice": "INV-2291", "mail": "ann@example.org"}}
    announce(agent_service, title="Reimburse hotel in Busan", arguments=arguments, requester="somebody")
    announce(agent_service, title="출장 호텔을 예약", agent="여행_에이전트", tool="book", arguments={"도시": "부산"})
    approved = announce(agent_service, title="Wire the deposit", tool="wire", arguments={"iban": "DE89370400440532"})
    approve_request(request_id=approved.pk, reviewer=reviewer, seen=approved.digest, note="seen the contract")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("hotel", "Reimburse hotel in Busan"),
        ("HOTEL busan", "Reimburse hotel in Busan"),
        ("reimb", "Reimburse hotel in Busan"),
        ("quokka", "Reimburse hotel in Busan"),
        ("INV-2291", "Reimburse hotel in Busan"),
        ("inv-22", "Reimburse hotel in Busan"),
        ("(INV-2291),", "Reimburse hotel in Busan"),
        ("ann@example.org", "Reimburse hotel in Busan"),
        ("somebody", "Reimburse hotel in Busan"),
        ("호텔", "출장 호텔을 예약"),
        ("부산", "출장 호텔을 예약"),
        ("wire", "Wire the deposit"),
        ("contract", "Wire the deposit"),
        ("Viewer", "Wire the deposit"),
    ],
)
def test_a_request_is_found_by_its_words_and_people(reviewer: User, words: str, title: str) -> None:
    assert found(reviewer, words) == [title]


def test_a_part_of_a_word_is_found_when_no_word_begins_so(reviewer: User) -> None:
    assert found(reviewer, "okka") == ["Reimburse hotel in Busan"]
    assert found(reviewer, "70400440") == ["Wire the deposit"]
    assert found(reviewer, "zzz") == []


def test_an_answer_and_what_people_wrote_to_each_other_are_found(agent_service: AgentService, reviewer: User) -> None:
    asked = announce(agent_service, question())
    answer_request(request_id=asked.pk, reviewer=reviewer, seen=asked.digest, answer="Hanil")
    assert found(reviewer, "hanil") == ["Which supplier?"]
    Comment.objects.create(request=asked, author=reviewer, text="the wombat clause", written_at=timezone.now())
    assert found(reviewer, "wombat") == ["Which supplier?"]


def test_nobody_finds_what_they_may_not_see(outsider: User, requester: User, agent_service: AgentService) -> None:
    assert found(outsider, "hotel") == []
    announce(agent_service, title="hotel of the requester", requester="requester")
    assert found(requester, "hotel") == ["hotel of the requester"]


def test_a_search_can_stay_within_a_queue(reviewer: User) -> None:
    assert found(reviewer, "wire", queue="mine") == []
    assert found(reviewer, "wire", queue="decided") == ["Wire the deposit"]
    assert found(reviewer, "hotel", queue="teams") == ["Reimburse hotel in Busan"]


@pytest.mark.parametrize("latest", [1, 3, 7])
def test_what_is_frequent_is_found_page_by_page_from_the_latest_on_however_long_the_stretches(
    agent_service: AgentService, reviewer: User, outsider: User, monkeypatch: pytest.MonkeyPatch, latest: int
) -> None:
    titles = [f"crane {number}" for number in range(60)]
    for number, title in enumerate(titles):
        announce(agent_service, title=title)
        if number % 7 == 0:
            announce(agent_service, title="another group's crane", groups=["legal"])
    monkeypatch.setattr(searching, "_LATEST", latest)
    monkeypatch.setattr(searching, "_FURTHER", 10)
    monkeypatch.setattr(searching, "_BATCH", 4)
    pages: list[list[str]] = []
    after = ""
    while not pages or after:
        page = queue_page(reviewer, QueueQuery.read({"q": "crane", "queue": "all"}), now=timezone.now(), after=after)
        pages.append([row.title for row in page.requests])
        after = page.after
    assert pages == [titles[:9:-1], titles[9::-1]]


@pytest.mark.parametrize("queue", ["all", "teams", "mine", "decided"])
def test_parts_of_words_are_found_page_by_page_too(agent_service: AgentService, reviewer: User, queue: str) -> None:
    for number in range(60):
        request = announce(agent_service, title=f"xcranex {number}")
        if queue == "decided":
            approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    query = QueueQuery.read({"q": "cranex", "queue": queue})
    first = queue_page(reviewer, query, now=timezone.now())
    second = queue_page(reviewer, query, now=timezone.now(), after=first.after)
    assert [len(page.requests) for page in (first, second)] == [50, 10]
    assert {row.pk for row in first.requests}.isdisjoint(row.pk for row in second.requests)


def test_whoever_a_request_comes_to_later_finds_it_then(agent_service: AgentService, outsider: User) -> None:
    request = announce(agent_service, title="a crane for the harbour")
    assert found(outsider, "crane") == []
    request.groups.add(outsider.groups.get())
    assert found(outsider, "crane") == ["a crane for the harbour"]


def test_who_sees_all_finds_it_in_all_groups_or_in_one(agent_service: AgentService, outsider: User) -> None:
    outsider.user_permissions.add(Permission.objects.get(codename="view_approvalrequest"))
    announce(agent_service, title="their own crane", groups=["legal"])
    announce(agent_service, title="a crane")
    user = User.objects.get(pk=outsider.pk)
    page = queue_page(user, QueueQuery.read({"q": "crane", "queue": "all", "group": "finance"}), now=timezone.now())
    assert [row.title for row in page.requests] == ["a crane"]
    assert found(user, "crane") == ["a crane", "their own crane"]
    assert found(user, "crane", queue="teams") == ["their own crane"]


@pytest.mark.parametrize("name", ["agent", "tool", "outcome", "risk", "group"])
def test_filters_narrow_what_is_found(agent_service: AgentService, reviewer: User, outsider: User, name: str) -> None:
    values = {"agent": "it's an \\ agent", "tool": "a' | b", "outcome": "approved", "risk": "high", "group": "finance"}
    announce(agent_service, title="another crane", groups=["legal"], requester="reviewer")
    request = announce(agent_service, title="crane", agent=values["agent"], tool=values["tool"], risk="high")
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest, confirmation=request.tool)
    page = queue_page(reviewer, QueueQuery.read({"q": "crane", "queue": "all", name: values[name]}), now=timezone.now())
    assert [row.title for row in page.requests] == ["crane"]


def test_however_much_is_said_about_a_request_more_can_be_said_and_found(
    agent_service: AgentService, reviewer: User
) -> None:
    request = announce(agent_service, title="talked about")
    words = ["".join(chr(0xAC00 + (number // 90**place) % 90) for place in range(3)) for number in range(300_000)]
    for begins in range(0, len(words), 50_000):
        text = " ".join(words[begins : begins + 50_000])
        Comment.objects.create(request=request, author=reviewer, text=text, written_at=timezone.now())
    Comment.objects.create(request=request, author=reviewer, text="and a wombat", written_at=timezone.now())
    assert found(reviewer, "wombat") == found(reviewer, "talked about") == ["talked about"]


@pytest.mark.parametrize(
    "words", ["'", "\\", "a & | ! ( ) :* <-> b", "'; DROP TABLE x; --", "%", "_", "€", "'\\''", "-" * 200]
)
def test_no_words_break_the_search(reviewer: User, words: str) -> None:
    assert isinstance(found(reviewer, words), list)
