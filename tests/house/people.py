"""People at the house's door, over plain HTTP, as a browser without JavaScript sees it."""

import re
from collections.abc import Callable
from typing import Self

import httpx

from tests.house.house import House

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')


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

    def decide(self, request_id: int, verb: str, **fields: str) -> httpx.Response:
        """Open the request's page and send its form: ``approve``, ``reject`` or ``answer``."""
        path = f"/requests/{request_id}/"
        page = self.get(path).text
        data = {"csrfmiddlewaretoken": _found(_TOKEN, page), "seen": _found(_SEEN, page), **fields}
        return self._client.post(f"{path}{verb}/", data=data)

    def poster(self, request_id: int) -> Callable[..., None]:
        """Return a function that approves by a bare POST, for measuring; the token is that of one page."""
        token = _found(_TOKEN, self.get(f"/requests/{request_id}/").text)

        def post(request_id: int, seen: str) -> None:
            data = {"csrfmiddlewaretoken": token, "seen": seen}
            answer = self._client.post(f"/requests/{request_id}/approve/", data=data, follow_redirects=False)
            assert answer.status_code == 302, answer.text

        return post


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match, f"{pattern.pattern} is not on the page"
    return match.group(1)
