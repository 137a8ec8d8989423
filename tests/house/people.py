"""People at the house's door, over plain HTTP, as a browser without JavaScript sees it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import httpx

from tests.house.house import House
from tests.house.processes import run_once

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')

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

    def __init__(self, house: House, username: str) -> None:
        """Sign in with the demo password."""
        self.username = username
        self._client = httpx.Client(base_url=house.url, follow_redirects=True, trust_env=False, timeout=10)
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

    def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
        """Send a form and return the very answer, a redirect too."""
        return self._client.post(path, data=data, follow_redirects=False)

    def decide(self, request_id: int, verb: str, **fields: str) -> httpx.Response:
        """Open the request's page and send its form: ``approve``, ``reject`` or ``answer``."""
        path = f"/requests/{request_id}/"
        form = form_in(self.get(path).text)
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
    """Return what the decision form on a request's page holds by itself; empty when there is none to send."""
    seen = _SEEN.search(page)
    return {"csrfmiddlewaretoken": _found(_TOKEN, page), "seen": seen.group(1)} if seen else {}


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match, f"{pattern.pattern} is not on the page"
    return match.group(1)
