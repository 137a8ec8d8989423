"""Second thoughts: some of those who have just decided take it back on the page, and persist until they are told."""

import random
import re
import threading
from collections.abc import Mapping
from typing import Final, Protocol

import httpx

from chaos.diary import Diary
from chaos.facts import Refused, SecondThought, Told

_SHARE: Final = 0.15
# Some come a little late, and many at the very moment when the couriers take the decision up.
_LATEST: Final = 1.1
# How often the first answer gets lost on its way back; then the form is sent again.
_UNHEARD: Final = 0.3
_RETRY: Final = 0.3
_FORM: Final = re.compile(
    r'<form[^>]*action="(?P<path>/requests/\d+/undo/)"[^>]*>\s*'
    r'<input[^>]*name="csrfmiddlewaretoken"[^>]*value="(?P<token>[^"]+)"'
)
_NOTHING_COUNTS: Final = "no decision of yours here that could be taken back"
_ON_ITS_WAY: Final = "on its way to the agent"
_EXCERPT: Final = re.compile(r'role="alert" id="problem"[^>]*>(.{0,600})', re.DOTALL)


class Visitor(Protocol):
    """Somebody signed in, as `tests.house.people.Person` is."""

    username: str

    def get(self, path: str) -> httpx.Response:
        """Open a page."""

    def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
        """Send a form."""


class SecondThoughts:
    """Those of one pair of reviewers."""

    def __init__(self, undo: float, diary: Diary, seed: str) -> None:
        """Make them; ``undo`` is how long a decision waits before it sets out, in seconds."""
        self._undo, self._diary = undo, diary
        self._chance = random.Random(seed)

    def perhaps(self, visitor: Visitor, request_id: int, over: threading.Event) -> None:
        """Let ``visitor`` take back, sometimes, what was just acknowledged; give up when it is ``over``."""
        if self._chance.random() < _SHARE:
            self.have(visitor, request_id, over)

    def have(self, visitor: Visitor, request_id: int, over: threading.Event) -> None:
        """Open the page, think for a while, and send its form, again after every failure."""
        page = self._page(visitor, f"/requests/{request_id}/", over)
        form = _FORM.search(page)
        if form is None:
            self._diary.count("second thoughts that came too late for the page")
            return
        over.wait(self._chance.uniform(0, self._undo * _LATEST))
        told = self._insisted(visitor, request_id, form, over)
        self._diary.note_second_thought(SecondThought(request_id=request_id, reviewer=visitor.username, told=told))
        self._diary.count(f"second thoughts that were told: {told}")

    def _page(self, visitor: Visitor, path: str, over: threading.Event) -> str:
        while not over.is_set():
            try:
                page = visitor.get(path)
            except httpx.TransportError:
                self._diary.count("second thoughts that met nobody")
            else:
                if page.is_success:
                    return page.text
            over.wait(_RETRY)
        return ""

    def _insisted(self, visitor: Visitor, request_id: int, form: re.Match[str], over: threading.Event) -> Told:
        unheard = self._chance.random() < _UNHEARD
        while not over.is_set():
            self._diary.note_beginning()
            answer = self._sent(visitor, form)
            if answer is not None and not unheard:
                return self._told(visitor, request_id, answer)
            unheard = False
            over.wait(_RETRY)
        return Told.NO_ANSWER

    def _sent(self, visitor: Visitor, form: re.Match[str]) -> httpx.Response | None:
        try:
            answer = visitor.post(form["path"], {"csrfmiddlewaretoken": form["token"]})
        except httpx.TransportError:
            self._diary.count("second thoughts that met nobody")
            return None
        if answer.is_server_error:
            self._diary.count(f"second thoughts that were answered {answer.status_code}")
            return None
        return answer

    def _told(self, visitor: Visitor, request_id: int, answer: httpx.Response) -> Told:
        if answer.status_code == 302 and answer.headers["location"].endswith(f"/requests/{request_id}/?again=1"):
            return Told.TAKEN_BACK
        if answer.status_code == 403 and _NOTHING_COUNTS in answer.text:
            return Told.NOTHING_COUNTS
        if answer.status_code == 409 and _ON_ITS_WAY in answer.text:
            return Told.ON_ITS_WAY
        self._diary.note_refused(refused(request_id, visitor.username, answer))
        return Told.NO_ANSWER


def refused(request_id: int, reviewer: str, answer: httpx.Response) -> Refused:
    """Return what the web said instead of what a reviewer may be told."""
    said = _EXCERPT.search(answer.text)
    words = answer.headers.get("location") or (said[1] if said else answer.text)
    excerpt = " ".join(words.split())[:300]
    return Refused(request_id=request_id, reviewer=reviewer, status=answer.status_code, excerpt=excerpt)
