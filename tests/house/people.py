"""People at the house's door, over plain HTTP, as a browser without JavaScript sees it."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import httpx

from tests.house.forms import edits_in
from tests.house.house import House
from tests.house.processes import run_once

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')
_CONFIRMATION = re.compile(r'data-confirmation="([^"]+)"')

# All get the one hash: to make one for each would take longer than what they are invited to.
_INVITE = """
import os, sys
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
password = make_password(os.environ["COUNTERSIGN_DEMO_PASSWORD"])
users = User.objects.bulk_create(User(username=name, password=password) for name in sys.stdin.read().split())
Group.objects.get(name="finance").user_set.add(*users)
"""


def invite(house: House, usernames: Sequence[str]) -> None:
    """Make reviewers in finance, with the demo password."""
    run_once(["manage.py", "shell", "-c", _INVITE], house.env, stdin="\n".join(usernames))


class Person:
    """Somebody signed in."""

    def __init__(self, house: House, username: str, *, patience: float = 10) -> None:
        """Sign in with the demo password; ``patience`` is how long an answer may take, in seconds."""
        self.username = username
        # A connection that idles for longer than the server keeps it is gone when the next form is sent.
        fresh = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(
            base_url=house.url, follow_redirects=True, trust_env=False, timeout=patience, limits=fresh
        )
        page = self._client.get("/sign-in/")
        data = {"username": username, "password": house.password, "csrfmiddlewaretoken": _found(_TOKEN, page.text)}
        answer = self._client.post("/sign-in/", data=data)
        assert answer.status_code == 200, answer.text
        assert "sessionid" in self._client.cookies, f"{username} could not sign in"

    def __enter__(self) -> Self:
        """Use in a `with` block, to close the connections."""
        return self

    def __exit__(self, *failure: object) -> None:
        self._client.close()

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self._client.get(path)

    @property
    def cookie(self) -> str:
        """The cookie by which the house knows this person."""
        return f"sessionid={self._client.cookies['sessionid']}"

    def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
        """Send a form and return the very answer, a redirect too."""
        return self._client.post(path, data=data, follow_redirects=False)

    def send(self, path: str, data: Mapping[str, str | Sequence[str]]) -> httpx.Response:
        """Send a form that stands on the inbox, and go where the answer leads."""
        token = _found(_TOKEN, self.get("/").text)
        return self._client.post(path, data={"csrfmiddlewaretoken": token, **data})

    def decide(self, request_id: int, verb: str, **fields: str) -> httpx.Response:
        """Open the request's page and send its form: ``approve``, ``reject`` or ``answer``.

        Args:
            fields: what is typed; with ``editing``, into the fields for editing too.
        """
        path = f"/requests/{request_id}/"
        page = self.get(f"{path}?edit=1" if "editing" in fields else path).text
        form = form_in(page) | edits_in(page)
        assert form, f"there is nothing to decide at {path}"
        return self._client.post(f"{path}{verb}/", data=form | fields)

    def poster(self, request_id: int) -> Callable[..., None]:
        """Return a function that approves by a bare POST, for measuring; the token is that of one page."""
        token = _found(_TOKEN, self.get(f"/requests/{request_id}/").text)

        def post(request_id: int, seen: str) -> None:
            answer = self.post(f"/requests/{request_id}/approve/", {"csrfmiddlewaretoken": token, "seen": seen})
            assert answer.status_code == 302, answer.text

        return post


def form_in(page: str) -> dict[str, str]:
    """Return what the decision form on a request's page holds by itself; empty when there is none to send.

    Where the page asks to type the tool's name, that is typed.
    """
    seen = _SEEN.search(page)
    if seen is None:
        return {}
    confirmation = _CONFIRMATION.search(page)
    typed = {"confirmation": html.unescape(confirmation[1])} if confirmation else {}
    return {"csrfmiddlewaretoken": _found(_TOKEN, page), "seen": seen[1]} | typed


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match, f"{pattern.pattern} is not on the page"
    return match.group(1)
