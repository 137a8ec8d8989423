"""Somebody who takes a decision back tries again until there is an answer, and believes nothing else."""

import threading
from collections.abc import Mapping, Sequence

import httpx
import pytest

from chaos.diary import Diary
from chaos.facts import Told
from chaos.second_thoughts import SecondThoughts

PAGE = httpx.Response(
    200,
    text='<form class="undo" method="post" action="/requests/7/undo/">\n'
    '  <input type="hidden" name="csrfmiddlewaretoken" value="secret">',
)
BACK = httpx.Response(302, headers={"location": "/requests/7/?again=1"})
GONE = httpx.Response(403, text="There is no decision of yours here that could be taken back. Nothing was changed.")
LATE = httpx.Response(409, text="It is on its way to the agent and can't be taken back.")
DOWN = httpx.Response(503)

type Answer = httpx.Response | None


class Visitor:
    """Gets these pages and answers one after the other; None is a connection that breaks."""

    username = "ann"

    def __init__(self, pages: Sequence[Answer], answers: Sequence[Answer]) -> None:
        self.pages, self.answers = list(pages), list(answers)
        self.sent: list[tuple[str, Mapping[str, str]]] = []

    def get(self, path: str) -> httpx.Response:
        return self._next(self.pages)

    def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
        self.sent.append((path, data))
        return self._next(self.answers)

    def _next(self, rest: list[Answer]) -> httpx.Response:
        answer = rest.pop(0)
        if answer is None:
            raise httpx.ReadError("the server died")
        return answer


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no answer get lost but those that a test says so of."""
    monkeypatch.setattr("chaos.second_thoughts._UNHEARD", 0.0)


def had(visitor: Visitor) -> Diary:
    """Let it have a second thought, and return what was noted."""
    diary = Diary()
    SecondThoughts(0.0, diary, "seed").have(visitor, 7, threading.Event())
    return diary


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([BACK], Told.TAKEN_BACK),
        ([None, DOWN, BACK], Told.TAKEN_BACK),
        ([None, GONE], Told.NOTHING_COUNTS),
        ([DOWN, LATE], Told.ON_ITS_WAY),
    ],
)
@pytest.mark.usefixtures("heard")
def test_the_form_on_the_page_is_sent_until_there_is_an_answer(answers: list[Answer], told: Told) -> None:
    visitor = Visitor([None, DOWN, PAGE], answers)
    diary = had(visitor)
    assert [(one.request_id, one.reviewer, one.told) for one in diary.second_thoughts] == [(7, "ann", told)]
    assert visitor.sent == [("/requests/7/undo/", {"csrfmiddlewaretoken": "secret"})] * len(answers)
    assert not diary.refused


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(403, text="a CSRF token is missing"),
        httpx.Response(409, text="bob was first"),
        httpx.Response(302, headers={"location": "/sign-in/"}),
    ],
)
@pytest.mark.usefixtures("heard")
def test_any_other_answer_is_one_that_no_reviewer_should_get(answer: httpx.Response) -> None:
    diary = had(Visitor([PAGE], [answer]))
    assert [one.status for one in diary.refused] == [answer.status_code]
    assert [one.told for one in diary.second_thoughts] == [Told.NO_ANSWER]


def test_an_answer_that_got_lost_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chaos.second_thoughts._UNHEARD", 1.0)
    diary = had(Visitor([PAGE], [BACK, GONE]))
    assert [one.told for one in diary.second_thoughts] == [Told.NOTHING_COUNTS]


def test_where_the_page_offers_no_way_back_nothing_is_sent() -> None:
    visitor = Visitor([httpx.Response(200, text="Approved")], [])
    assert not had(visitor).second_thoughts
    assert not visitor.sent


def test_when_the_storm_is_over_one_that_had_no_answer_is_noted_as_such() -> None:
    diary, over = Diary(), threading.Event()

    class LastVisitor(Visitor):
        def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
            over.set()
            return DOWN

    SecondThoughts(0.0, diary, "seed").have(LastVisitor([PAGE], []), 7, over)
    assert [one.told for one in diary.second_thoughts] == [Told.NO_ANSWER]


def test_only_some_decisions_are_taken_back() -> None:
    diary, thoughts = Diary(), SecondThoughts(0.0, Diary(), "seed")
    visitor = Visitor([httpx.Response(200, text="")] * 1_000, [])
    for _ in range(1_000):
        thoughts.perhaps(visitor, 7, threading.Event())
    assert not diary.second_thoughts
    assert 100 < 1_000 - len(visitor.pages) < 200
