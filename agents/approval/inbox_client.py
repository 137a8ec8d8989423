"""The inbox's intake API, as an agent calls it. Every call is idempotent, so every call may be repeated."""

import asyncio
import ipaddress
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx
from pydantic import BaseModel, ValidationError
from restate import TerminalError

from agents.approval.configuration import Countersign, countersign
from agents.approval.errors import InboxError
from restate_bridge.contract import (
    Acknowledgement,
    Announcement,
    InvalidAnswer,
    Rebinding,
    Receipt,
    Report,
    Verdict,
    Withdrawal,
    trace_headers,
)

_TIMEOUT: Final = httpx.Timeout(5.0)
# Longer than a pause between two decisions, so that an acknowledgement seldom waits for a new connection.
_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=120.0)
_EXCERPT: Final = 400
_GONE: Final = frozenset({404, 409, 410})
_FOR_GOOD: Final = frozenset({413, 422})
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()


class _Problem(BaseModel):
    field: str = ""
    message: str


class _Problems(BaseModel):
    problems: list[_Problem]


async def announce(awakeable_id: str, announcement: Announcement) -> Receipt:
    """Put a request before people.

    Raises:
        InboxError: the inbox is away, or refused what may be cured there; to be tried again.
        TerminalError: the inbox holds other content under this id (409), or will never take this (413, 422).
    """
    response = await _send("PUT", f"/api/requests/{awakeable_id}", announcement)
    if response.status_code == 409:
        raise TerminalError(_words(response), status_code=409)
    return _read(response, Receipt)


async def send_file(digest: str, content: bytes) -> None:
    """Send a file for an announcement to come.

    Raises:
        InboxError: see `announce`.
        TerminalError: the inbox will never take it (413, 422).
    """
    response = await _send("PUT", f"/api/files/{digest}", content, {"content-type": "application/octet-stream"})
    if response.is_error:
        raise _error(response)


async def rebind(announcement_id: str, rebinding: Rebinding) -> None:
    """Tell which awakeable a restarted run waits for.

    Raises:
        InboxError: the inbox is away or refuses. Never for good: this is no step of the journal, so a replay would
            not remember that it was given up.
    """
    response = await _send("POST", f"/api/requests/{announcement_id}/rebind", rebinding)
    if response.is_error:
        raise InboxError(_refusal(response))


async def acknowledge(awakeable_id: str, acknowledgement: Acknowledgement) -> Verdict:
    """Ask for the last word on a decision. A request that the inbox no longer holds is a no.

    Raises:
        InboxError: see `announce`.
    """
    response = await _send("POST", f"/api/requests/{awakeable_id}/acknowledge", acknowledgement)
    if response.status_code in _GONE:
        return Verdict(go=False, reason=_refusal(response))
    return _read(response, Verdict)


async def report(awakeable_id: str, told: Report) -> None:
    """Tell what came of a decision.

    Raises:
        InboxError: see `announce`.
    """
    await _tell(awakeable_id, "report", told)


async def withdraw(awakeable_id: str, withdrawal: Withdrawal) -> None:
    """Take a request back.

    Raises:
        InboxError: see `announce`.
    """
    await _tell(awakeable_id, "withdraw", withdrawal)


async def record_invalid_answer(awakeable_id: str, answer: InvalidAnswer) -> None:
    """Record that something other than a valid decision arrived.

    Raises:
        InboxError: see `announce`.
    """
    await _tell(awakeable_id, "invalid-answer", answer)


async def _tell(awakeable_id: str, verb: str, body: BaseModel) -> None:
    response = await _send("POST", f"/api/requests/{awakeable_id}/{verb}", body)
    # A request that is settled or gone has nothing more to hear; insisting would hold up the run for nothing.
    if response.is_error and response.status_code not in _GONE:
        raise _error(response)


async def _send(method: str, path: str, body: BaseModel | bytes, more: dict[str, str] | None = None) -> httpx.Response:
    settings = countersign()
    content = body if isinstance(body, bytes) else body.model_dump_json()
    client, headers = _client(settings), trace_headers() | (more or {})
    try:
        try:
            return await client.request(method, path, content=content, headers=headers)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # The inbox closed a kept connection just as it was used again: once more at once, on a new one.
            return await client.request(method, path, content=content, headers=headers)
    except httpx.HTTPError as error:
        raise InboxError(f"the inbox at {settings.url} can't be reached: {type(error).__name__} {error}") from error


def _read[T: BaseModel](response: httpx.Response, kind: type[T]) -> T:
    if response.is_error:
        raise _error(response)
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as error:
        raise InboxError(f"the inbox's answer is no {kind.__name__}: {response.text[:_EXCERPT]}") from error


def _error(response: httpx.Response) -> InboxError | TerminalError:
    problems = _problems(response)
    # A group that is missing can be made by an administrator; nothing makes a call smaller or its content valid.
    curable = bool(problems) and all(problem.field == "groups" for problem in problems)
    if response.status_code in _FOR_GOOD and not curable:
        return TerminalError(_words(response), status_code=response.status_code)
    return InboxError(_refusal(response))


def _problems(response: httpx.Response) -> list[_Problem]:
    try:
        return _Problems.model_validate_json(response.content).problems
    except ValidationError:
        return []


def _words(response: httpx.Response) -> str:
    said = "; ".join(f"{p.field}: {p.message}" if p.field else p.message for p in _problems(response))
    return f"The inbox refused it ({response.status_code}): {(said or response.text)[:_EXCERPT]}"


def _refusal(response: httpx.Response) -> str:
    request = response.request
    return (
        f"the inbox answered {response.status_code} to {request.method} {request.url.path}: {response.text[:_EXCERPT]}"
    )


def _client(settings: Countersign) -> httpx.AsyncClient:
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        options: dict[str, Any] = {"trust_env": not _is_loopback(settings.url)}
        headers = {"authorization": f"Bearer {settings.token}", "content-type": "application/json"}
        client = httpx.AsyncClient(base_url=settings.url, headers=headers, timeout=_TIMEOUT, limits=_LIMITS, **options)
        _clients[loop] = client
    return client


def _is_loopback(url: str) -> bool:
    """Return whether a proxy set for the machine must not stand between: it could not reach this address."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
