"""The inbox's intake API, as an agent calls it. Every call is idempotent, so every call may be repeated."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary, WeakValueDictionary

import httpx
from pydantic import BaseModel, ValidationError
from restate import TerminalError

from agents.approval.configuration import Countersign, countersign
from agents.approval.errors import InboxError
from agents.approval.inbox_batches import Batches, address_of
from restate_bridge.contract import (
    AcknowledgeCall,
    Acknowledgement,
    AnnounceCall,
    Announcement,
    BatchCall,
    InvalidAnswer,
    Rebinding,
    Receipt,
    Report,
    ReportCall,
    Verdict,
    Withdrawal,
    trace_headers,
)

_TIMEOUT: Final = httpx.Timeout(5.0)
# Longer than a pause between two decisions, so that an acknowledgement seldom waits for a new connection.
_LIMITS: Final = httpx.Limits(max_keepalive_connections=20, keepalive_expiry=120.0)
# More wait here and not for a connection: the time that httpx takes to give one out grows with the square of them.
_AT_ONCE: Final = 20
_FILES_AT_ONCE: Final = 4
_PATIENCE: Final = 30.0
_EXCERPT: Final = 400
_GONE: Final = frozenset({404, 409, 410})
_FOR_GOOD: Final = frozenset({413, 422})


@dataclass(frozen=True)
class _Line:
    """What one event loop has of the inbox."""

    client: httpx.AsyncClient
    calls: asyncio.Semaphore
    files: asyncio.Semaphore


@dataclass(frozen=True)
class _Said:
    """What the runs of one event loop say.

    Attributes:
        turns: held by who says something of an awakeable; see `_turn`.
    """

    batches: Batches
    turns: WeakValueDictionary[str, asyncio.Lock]


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()
_said: WeakKeyDictionary[asyncio.AbstractEventLoop, _Said] = WeakKeyDictionary()


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
    try:
        call = AnnounceCall(awakeable_id=awakeable_id, body=announcement)
    except ValidationError as error:
        raise TerminalError(f"no awakeable of this engine's: {awakeable_id}", status_code=422) from error
    response = await _call(call)
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
    response = await _send("POST", f"/api/requests/{announcement_id}/rebind", rebinding.model_dump_json())
    if response.is_error:
        raise InboxError(_refusal(response))


async def acknowledge(awakeable_id: str, acknowledgement: Acknowledgement) -> Verdict:
    """Ask for the last word on a decision. A request that the inbox no longer holds is a no.

    Raises:
        InboxError: see `announce`.
    """
    response = await _call(AcknowledgeCall(awakeable_id=awakeable_id, body=acknowledgement))
    if response.status_code in _GONE:
        return Verdict(go=False, reason=_refusal(response))
    return _read(response, Verdict)


async def report(awakeable_id: str, told: Report) -> None:
    """Tell what came of a decision.

    Raises:
        InboxError: see `announce`.
    """
    _check_told(await _call(ReportCall(awakeable_id=awakeable_id, body=told)))


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
    async with _turn(awakeable_id):
        response = await _send("POST", f"/api/requests/{awakeable_id}/{verb}", body.model_dump_json())
    _check_told(response)


def _check_told(response: httpx.Response) -> None:
    # A request that is settled or gone has nothing more to hear; insisting would hold up the run for nothing.
    if response.is_error and response.status_code not in _GONE:
        raise _error(response)


async def _call(call: BatchCall) -> httpx.Response:
    async with _turn(call.awakeable_id):
        # A call that belongs to a trace is shown there as what it is, and goes by itself.
        if trace_headers():
            return await _send(*address_of(call), call.body.model_dump_json().encode())
        return await _of_this_loop().batches.carry(call)


def _turn(awakeable_id: str) -> asyncio.Lock:
    """Return what is held while something is said of an awakeable, so that the next is said when that was answered.

    A step that was cut off, as by a cancellation, goes on in the background while its run says the next already. What
    got no answer in time may still arrive later: the courier finds that out.
    """
    return _of_this_loop().turns.setdefault(awakeable_id, asyncio.Lock())


def _of_this_loop() -> _Said:
    loop = asyncio.get_running_loop()
    if (said := _said.get(loop)) is None:
        said = _said[loop] = _Said(Batches(_send), WeakValueDictionary())
    return said


async def _send(method: str, path: str, content: str | bytes, more: dict[str, str] | None = None) -> httpx.Response:
    line, headers = _line(), trace_headers() | (more or {})
    # What is large and slow stands in a line of its own.
    async with _place(line.files if more else line.calls):
        try:
            return await line.client.request(method, path, content=content, headers=headers)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # The inbox closed a kept connection just as it was used again: once more at once, on a new one.
            return await line.client.request(method, path, content=content, headers=headers)


@asynccontextmanager
async def _place(line: asyncio.Semaphore) -> AsyncIterator[None]:
    """Wait for a place in a line, not for ever; what goes wrong in the block is the inbox's being away.

    Raises:
        InboxError: in both cases.
    """
    url = countersign().url
    try:
        await asyncio.wait_for(line.acquire(), _PATIENCE)
    except TimeoutError as error:
        raise InboxError(f"the inbox at {url} is slow: no call to it began within {_PATIENCE:.0f} s") from error
    try:
        yield
    except httpx.HTTPError as error:
        raise InboxError(f"the inbox at {url} can't be reached: {type(error).__name__} {error}") from error
    finally:
        line.release()


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


def _line() -> _Line:
    loop = asyncio.get_running_loop()
    line = _lines.get(loop)
    if line is None:
        line = _lines[loop] = _Line(
            _client(countersign()), asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_FILES_AT_ONCE)
        )
    return line


def _client(settings: Countersign) -> httpx.AsyncClient:
    options: dict[str, Any] = {"trust_env": not _is_loopback(settings.url)}
    headers = {"authorization": f"Bearer {settings.token}", "content-type": "application/json"}
    return httpx.AsyncClient(base_url=settings.url, headers=headers, timeout=_TIMEOUT, limits=_LIMITS, **options)


def _is_loopback(url: str) -> bool:
    """Return whether a proxy set for the machine must not stand between: it could not reach this address."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
