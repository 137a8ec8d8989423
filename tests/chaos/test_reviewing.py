"""A reviewer whose answer got lost sends the form again, and counts as told what the web says then."""

import threading
from collections.abc import Mapping

import httpx
import pytest

from chaos.diary import Diary
from chaos.reviewing import Pair
from tests.house.people import form_in

PAGE = (
    '<a href="/requests/7/"></a>'
    '<input type="hidden" name="csrfmiddlewaretoken" value="secret"><input type="hidden" name="seen" value="digest">'
)
TAKEN = httpx.Response(302, headers={"location": "/requests/7/"})
SECOND = httpx.Response(409, text="ann was first: the request is already approved. Your decision was not counted.")


class Reviewer:
    """Gets these answers; with the last one it is over."""

    def __init__(self, answers: list[httpx.Response], over: threading.Event) -> None:
        self.username, self.answers, self.over = "ann", answers, over
        self.sent: list[tuple[str, Mapping[str, str]]] = []

    def get(self, path: str) -> httpx.Response:
        return httpx.Response(200, text=PAGE)

    def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
        self.sent.append((path, data))
        if len(self.answers) == 1:
            self.over.set()
        return self.answers.pop(0)


@pytest.mark.parametrize(("again", "acknowledged"), [(TAKEN, 1), (SECOND, 0)])
def test_a_form_that_is_sent_twice_counts_as_the_second_answer_says(
    monkeypatch: pytest.MonkeyPatch, again: httpx.Response, acknowledged: int
) -> None:
    monkeypatch.setattr("chaos.reviewing._UNHEARD", 1.0)
    monkeypatch.setattr("chaos.reviewing._TWO_AT_ONCE", 0.0)
    diary, over = Diary(), threading.Event()
    ann = Reviewer([TAKEN, again], over)
    Pair([ann, ann], 0.0, 0.0, diary, "seed").work(over)
    assert len(ann.sent) == 2
    assert ann.sent[0] == ann.sent[1]
    assert len(diary.acknowledged) == acknowledged
    assert not diary.refused


def test_a_page_that_asks_for_the_tools_name_gets_it() -> None:
    asking = '<input type="text" name="confirmation" data-confirmation="pay &amp; go">'
    assert form_in(PAGE + asking)["confirmation"] == "pay & go"
    assert "confirmation" not in form_in(PAGE)
