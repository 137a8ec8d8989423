"""A reviewer whose answer got lost sends the form again, and counts as told what the web says then."""

import threading
from collections.abc import Mapping

import httpx
import pytest

from chaos.diary import Diary
from chaos.reviewing import Choice, Pair
from tests.house.people import form_in

PAGE = (
    '<a href="/requests/7/"></a>'
    '<input type="hidden" name="csrfmiddlewaretoken" value="secret"><input type="hidden" name="seen" value="digest">'
)
TAKEN = httpx.Response(302, headers={"location": "/requests/7/"})
FIELDS = '<input type="hidden" name="editing" value="1"><input name="edit-claim.date" value="2026-03-02">'
DOWN = "Countersign is not available."
SECOND = httpx.Response(409, text="ann was first: the request is already approved. Your decision was not counted.")


class Reviewer:
    """Gets these answers; with the last one it is over."""

    def __init__(self, answers: list[httpx.Response], over: threading.Event) -> None:
        self.username, self.answers, self.over = "ann", answers, over
        self.sent: list[tuple[str, Mapping[str, str]]] = []
        self.for_editing = [PAGE + FIELDS]

    def get(self, path: str) -> httpx.Response:
        return httpx.Response(200, text=self.for_editing.pop(0) if path.endswith("?edit=1") else PAGE)

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


@pytest.mark.parametrize("first", [DOWN, PAGE], ids=["the house is down", "somebody had decided"])
def test_who_edits_waits_for_a_page_that_holds_the_fields(monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    edit = Choice("approve", {"editing": "1", "edit-claim.amount": "500"}, "approved", amount=500.0)
    monkeypatch.setattr("chaos.reviewing.chosen", lambda *_: edit)
    monkeypatch.setattr("chaos.reviewing._UNHEARD", 0.0)
    monkeypatch.setattr("chaos.reviewing._TWO_AT_ONCE", 0.0)
    diary, over = Diary(), threading.Event()
    ann = Reviewer([TAKEN], over)
    ann.for_editing.insert(0, first)
    Pair([ann, ann], 0.0, 0.0, diary, "seed").work(over)
    ((path, fields),) = ann.sent
    assert path == "/requests/7/approve/"
    assert (fields["edit-claim.amount"], fields["edit-claim.date"]) == ("500", "2026-03-02")
    assert diary.others["pages that held no fields for the edits"] == 1
    assert not diary.refused


def test_a_page_that_asks_for_the_tools_name_gets_it() -> None:
    asking = '<input type="text" name="confirmation" data-confirmation="pay &amp; go">'
    assert form_in(PAGE + asking)["confirmation"] == "pay & go"
    assert "confirmation" not in form_in(PAGE)
