"""The reviewers: pairs of people who read the inbox and decide through the web, alone or both at once."""

import html
import random
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import httpx

from chaos.diary import Diary
from chaos.facts import Acknowledged
from chaos.second_thoughts import SecondThoughts, Visitor, refused
from tests.house.forms import edits_in
from tests.house.people import form_in

_LINK: Final = re.compile(r'href="/requests/(\d+)/')
_CHOICE: Final = re.compile(r'<input(?=[^>]*name="answer")(?=[^>]*type="radio")[^>]*value="([^"]*)"')
#: What a reviewer may be told instead of having decided.
_TOO_LATE: Final = re.compile(
    r"was first|was withdrawn|has just taken it back|nobody waits for this decision|deadline has passed"
    r"|while you were reading"
)
_TWO_AT_ONCE: Final = 0.35
# How often the answer to a decision gets lost on its way back; then the same form is sent again.
_UNHEARD: Final = 0.1
_RETRY: Final = 0.3


@dataclass(frozen=True)
class Choice:
    """What a reviewer sends: the path's last part, the fields, and what it comes down to."""

    verb: str
    fields: dict[str, str]
    outcome: str
    answer: str = ""
    amount: float | None = None


class Pair:
    """Two people who share a desk."""

    def __init__(self, people: Sequence[Visitor], thinking: float, undo: float, diary: Diary, seed: str) -> None:
        """Make the pair.

        Args:
            people: the two.
            thinking: the longest pause between two decisions, in seconds.
            undo: how long a decision waits before it sets out, in seconds.
        """
        self._people, self._thinking, self._diary = people, thinking, diary
        self._second_thoughts = SecondThoughts(undo, diary, f"{seed}-second-thoughts")
        self._chance = random.Random(seed)
        self._over = threading.Event()

    def work(self, over: threading.Event) -> None:
        """Decide whatever stands in the inbox until it is ``over``; the body of one thread."""
        self._over = over
        with ThreadPoolExecutor(2) as both:
            while not over.wait(self._chance.uniform(0, self._thinking)):
                if waiting := self._inbox():
                    self._decide(self._chance.choice(waiting), both)

    def _inbox(self) -> list[int]:
        try:
            page = self._people[0].get("/")
        except httpx.TransportError:
            return []
        return sorted({int(number) for number in _LINK.findall(page.text)}) if page.is_success else []

    def _decide(self, request_id: int, both: ThreadPoolExecutor) -> None:
        seeds = [self._chance.random() for _ in self._people]
        if self._chance.random() >= _TWO_AT_ONCE:
            self._persist(self._people[0], request_id, seeds[0], None)
            self._people = self._people[::-1]
            return
        self._diary.count("requests that two decided at once")
        together = threading.Barrier(len(self._people), timeout=5)
        list(both.map(lambda who, seed: self._persist(who, request_id, seed, together), self._people, seeds))

    def _persist(self, person: Visitor, request_id: int, seed: float, together: threading.Barrier | None) -> None:
        """Decide as somebody who tries again until there is an answer."""
        while not self._over.is_set():
            try:
                if self._tried(person, request_id, random.Random(seed), together):
                    return
            except httpx.TransportError:
                self._diary.count("decisions that met nobody")
            self._over.wait(_RETRY)
            together = None

    def _tried(
        self, person: Visitor, request_id: int, chance: random.Random, together: threading.Barrier | None
    ) -> bool:
        page = person.get(f"/requests/{request_id}/")
        if page.is_server_error:
            self._diary.count(f"pages that were answered {page.status_code}")
            return False
        form = form_in(page.text) if page.is_success else {}
        if together is not None:
            _wait(together)
        if not form:
            return page.is_success or self._is_surprised(person, request_id, page)
        choice = chosen(page.text, chance, person.username)
        typed = self._typed(person, request_id, choice)
        if typed is None:
            self._diary.count("pages that held no fields for the edits")
            return False
        path, fields = f"/requests/{request_id}/{choice.verb}/", form | typed
        answer = person.post(path, fields)
        if chance.random() < _UNHEARD:
            self._diary.count("decisions that were sent twice")
            answer = person.post(path, fields)
        return self._told(person, request_id, choice, answer)

    def _typed(self, person: Visitor, request_id: int, choice: Choice) -> dict[str, str] | None:
        """Return what is typed, with all the fields of the form where somebody edits.

        `None` if the page has none: the house was down, or somebody had decided, who may take it back yet.
        """
        if "editing" not in choice.fields:
            return choice.fields
        fields = edits_in(person.get(f"/requests/{request_id}/?edit=1").text)
        return fields | choice.fields if fields else None

    def _told(self, person: Visitor, request_id: int, choice: Choice, answer: httpx.Response) -> bool:
        if answer.status_code == 302 and answer.headers["location"].endswith(f"/requests/{request_id}/"):
            taken = Acknowledged(
                request_id=request_id,
                reviewer=person.username,
                outcome=choice.outcome,
                answer=choice.answer,
                amount=choice.amount,
            )
            self._diary.note_acknowledged(taken)
            self._second_thoughts.perhaps(person, request_id, self._over)
            return True
        if answer.is_server_error:
            self._diary.count(f"decisions that were answered {answer.status_code}")
            return False
        if answer.status_code == 409 and _TOO_LATE.search(answer.text):
            self._diary.count("decisions that came second")
            return True
        return self._is_surprised(person, request_id, answer)

    def _is_surprised(self, person: Visitor, request_id: int, answer: httpx.Response) -> bool:
        self._diary.note_refused(refused(request_id, person.username, answer))
        return True


def chosen(page: str, chance: random.Random, who: str) -> Choice:
    """Return what somebody does about the request on ``page``: answer a question, approve, edit and approve, reject."""
    reject = Choice("reject", {"note": f"{who} says no"}, "rejected")
    if choices := [html.unescape(value) for value in _CHOICE.findall(page)]:
        answer = chance.choice(choices)
        answering = Choice("answer", {"answer": answer}, "answered", answer=answer)
        return chance.choices([answering, reject], [8, 1])[0]
    approve = Choice("approve", {}, "approved")
    amount = chance.randint(500, 5_000)
    fields = {"editing": "1", "edit-claim.amount": str(amount), "edit-claim.reason": f"Changed by {who}"}
    edit = replace(approve, fields=fields, amount=float(amount))
    return chance.choices([approve, edit, reject], [4, 3, 2])[0]


def _wait(together: threading.Barrier) -> None:
    try:
        together.wait()
    except threading.BrokenBarrierError:
        return  # the other one's page did not come: then this one decides alone
