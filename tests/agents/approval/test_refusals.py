"""What is tried again, and what will never be taken and is told at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast

import httpx
import pytest
import restate

from agents.approval import InboxError, RequestRefused, inbox_client
from agents.approval.asking import Asking
from agents.approval.protocol import settle
from restate_bridge.contract import (
    Acknowledgement,
    Announcement,
    Kind,
    Receipt,
    Report,
    RunReference,
    Withdrawal,
    digest_of,
)

AWAKEABLE = f"sign_1{'a' * 33}"


def _announcement(**more: Any) -> Announcement:
    fields: dict[str, Any] = {
        "kind": Kind.APPROVAL,
        "title": "Pay",
        "agent": "agent",
        "tool": "pay",
        "arguments": {},
        "digest": digest_of("pay", {}),
        "run": RunReference(invocation_id=f"inv_1{'a' * 33}", service="S", handler="h"),
    }
    return Announcement(**(fields | more))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[int, Any]]]:
    """What the inbox answers, one after the other."""
    queue: list[tuple[int, Any]] = []

    async def send(method: str, path: str, body: object) -> httpx.Response:
        status, content = queue.pop(0)
        return httpx.Response(status, json=content, request=httpx.Request(method, f"http://inbox.test{path}"))

    monkeypatch.setattr(inbox_client, "_send", send)
    yield queue
    assert queue == []


def _problems(*problems: tuple[str, str]) -> dict[str, Any]:
    return {"problems": [{"field": field, "message": message} for field, message in problems]}


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (413, _problems(("", "the body is larger than 1048576 bytes")), "the body is larger than 1048576 bytes"),
        (413, "too large", "too large"),
        (422, _problems(("title", "too long"), ("run.key", "too long")), "title: too long; run.key: too long"),
        (422, _problems(("groups", "there is no group finance"), ("title", "too long")), "title: too long"),
        (422, _problems(), "problems"),
        (409, _problems(("", "announced before with other content")), "announced before with other content"),
    ],
)
async def test_what_the_inbox_will_never_take_is_given_up_with_its_words(
    answers: list[tuple[int, Any]], status: int, content: Any, words: str
) -> None:
    answers.append((status, content))
    with pytest.raises(restate.TerminalError) as refused:
        await inbox_client.announce(AWAKEABLE, _announcement())
    assert words in refused.value.message
    assert refused.value.status_code == status


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (422, _problems(("groups", "there is no group finance"))),
        (401, _problems(("", "a bearer token is needed"))),
        (404, "not found"),
        (500, "oh"),
        (503, "away"),
    ],
)
async def test_what_an_administrator_can_cure_is_tried_again(
    answers: list[tuple[int, Any]], status: int, content: Any
) -> None:
    answers.append((status, content))
    with pytest.raises(InboxError):
        await inbox_client.announce(AWAKEABLE, _announcement())


class _Context:
    """As much of a Restate context as an announcement needs; no step is tried twice."""

    def awakeable(self, serde: object) -> tuple[str, None]:
        return AWAKEABLE, None

    async def run_typed(self, name: str, call: Callable[[], Awaitable[Receipt]], options: object) -> Receipt:
        return await call()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: _announcement(title="x" * 301), "title: String should have at most 300 characters"),
        (lambda: _announcement(deadline_seconds=0), "deadline_seconds: Input should be greater than or equal to 1"),
        (
            lambda: RunReference(invocation_id=f"inv_1{'a' * 33}", service="S", handler="h", key="k" * 501),
            "key: String should have at most 500 characters",
        ),
        (lambda: _announcement(digest=f"sha256:{'0' * 64}"), "it is not the digest"),
        (lambda: _announcement(risk="extreme"), "risk: "),
    ],
)
async def test_a_request_that_can_not_be_made_is_not_tried_again(make: Callable[[], Any], words: str) -> None:
    asking = Asking(Kind.APPROVAL, "pay", digest_of("pay", {}), _announcement().run, lambda supersedes: make())
    with pytest.raises(RequestRefused) as refused:
        await settle(cast(restate.Context, _Context()), asking)
    assert words in refused.value.message
    assert "pydantic" not in refused.value.message


async def test_what_is_said_of_a_request_arrives_in_its_order_though_a_step_was_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    open_ = asyncio.Event()

    async def send(method: str, path: str, body: object) -> httpx.Response:
        said.append(path.rpartition("/")[2])
        await open_.wait()
        said.append(f"{path.rpartition('/')[2]} answered")
        return httpx.Response(404, json={}, request=httpx.Request(method, f"http://inbox.test{path}"))

    monkeypatch.setattr(inbox_client, "_send", send)
    verbs = [
        inbox_client.acknowledge(AWAKEABLE, Acknowledgement(decision_id="d")),
        inbox_client.report(AWAKEABLE, Report(state="failed", result="The run was cancelled.")),
        inbox_client.withdraw(AWAKEABLE, Withdrawal(reason="The run was cancelled.")),
    ]
    telling = [asyncio.create_task(verb) for verb in verbs]
    await asyncio.sleep(0.05)
    assert said == ["acknowledge"]
    open_.set()
    await asyncio.gather(*telling)
    assert said[1::2] == ["acknowledge answered", "report answered", "withdraw answered"]
