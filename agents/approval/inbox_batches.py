"""Calls to the inbox that come while others are on their way go together: a crowd of runs needs few calls.

Nothing waits for company. A call that comes alone sets out alone and at once, as the call that it is.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx
from pydantic import ValidationError

from agents.approval.errors import InboxError
from restate_bridge.contract import MAX_CALLS, AnnounceCall, Answers, Batch, BatchCall

# How many are on their way at the same time: more would only make the inbox's processes wait for each other.
_AT_ONCE: Final = 4
# The inbox takes 1 MiB at a time; what is large goes by itself.
_MAX_BYTES: Final = 256 * 1024
_BATCH: Final = "/api/batch"
# What an inbox says, or what stands before it, that holds for each call: the token is wrong, or it has no time now.
# Anything else may be one call's fault.
_FOR_EACH: Final = frozenset({401, 429, 502, 503, 504})
# Among these, what a proxy says when the inbox broke down or took too long: that may be one call's fault as well.
_BROKEN: Final = frozenset({502, 504})
# So many that were in trouble are remembered: some are of runs that never try again.
_REMEMBERED: Final = 10_000
# Seconds until a run that waits in line tries again: long, for a crowd may be ahead of it.
_PATIENCE: Final = 30.0

# What goes wrong before the inbox has seen anything is no call's fault.
_NEVER_BEGUN: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, TimeoutError)

#: Makes a call, given method, path and body; raises `InboxError` when the inbox can't be reached.
type Send = Callable[[str, str, bytes], Awaitable[httpx.Response]]


@dataclass(eq=False)
class _Waiting:
    call: BatchCall
    content: bytes
    answer: asyncio.Future[httpx.Response] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def is_answered(self, answer: httpx.Response | Exception) -> None:
        if self.answer.done():  # The run's attempt has ended meanwhile.
            return
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Batches:
    """The calls of one event loop."""

    def __init__(self, send: Send) -> None:
        """Make it; ``send`` makes a call."""
        self._send = send
        self._waiting: deque[_Waiting] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        # In how large a company a call may set out that was in a batch of which nothing came.
        self._company: dict[str, int] = {}

    async def carry(self, call: BatchCall) -> httpx.Response:
        """Return the inbox's answer to a call.

        Raises:
            InboxError: the inbox can't be reached, or has not come to this call for a long time.
        """
        one = _Waiting(call, call.body.model_dump_json().encode())
        self._waiting.append(one)
        self._set_out()
        try:
            return await asyncio.wait_for(one.answer, _PATIENCE)
        except TimeoutError as error:
            raise InboxError(f"the inbox has not answered this within {_PATIENCE:.0f} s") from error

    def _set_out(self) -> None:
        while self._waiting and len(self._under_way) < _AT_ONCE:
            task = asyncio.create_task(self._carry(self._next()))
            self._under_way.add(task)
            task.add_done_callback(self._is_back)

    def _is_back(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._set_out()

    def _next(self) -> list[_Waiting]:
        """Return what goes together: not too many, not too large, and not what nobody waits for any more."""
        some: list[_Waiting] = []
        size, at_most = 0, MAX_CALLS
        while self._waiting and len(some) < at_most:
            first = self._waiting[0]
            size += len(first.content)
            at_most = min(at_most, self._company.get(first.call.awakeable_id, MAX_CALLS))
            if some and (size > _MAX_BYTES or len(some) >= at_most):
                break
            some.append(self._waiting.popleft())
        return [one for one in some if not one.answer.done()]

    async def _carry(self, some: Sequence[_Waiting]) -> None:
        try:
            answers = await self._together(some) if len(some) > 1 else []
            for one, answer in zip(some, answers, strict=False):
                self._ends(one, answer, company=len(some))
            if not answers:
                await asyncio.gather(*(self._alone(one) for one in some), return_exceptions=True)
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
            for one in some:
                self._ends(one, error, company=len(some))
        finally:
            for one in some:
                one.answer.cancel()  # Only what the loop's end cut off.

    async def _alone(self, one: _Waiting) -> None:
        if one.answer.done():
            return
        try:
            self._ends(one, await self._send(*address_of(one.call), one.content), company=1)
        except Exception as error:  # noqa: BLE001 - see `_carry`
            self._ends(one, error, company=1)

    def _ends(self, one: _Waiting, answer: httpx.Response | Exception, *, company: int) -> None:
        """Hand an answer over, and remember a company of which nothing came: half of it may go together next."""
        broken = answer.status_code in _BROKEN if isinstance(answer, httpx.Response) else _may_be_to_blame(answer)
        if broken:
            self._company[one.call.awakeable_id] = max(1, company // 2)
            if len(self._company) > _REMEMBERED:
                del self._company[next(iter(self._company))]
        elif isinstance(answer, httpx.Response) and answer.status_code not in _FOR_EACH:
            self._company.pop(one.call.awakeable_id, None)
        one.is_answered(answer)

    async def _together(self, some: Sequence[_Waiting]) -> Sequence[httpx.Response]:
        """Return the answers; none when each has to be sent by itself, so that one bad call harms no other.

        Raises:
            InboxError: the inbox can't be reached.
        """
        batch = Batch(calls=[one.call for one in some])
        said = await self._send("POST", _BATCH, batch.model_dump_json().encode())
        if said.is_error:
            return [said] * len(some) if said.status_code in _FOR_EACH else []
        try:
            answers = Answers.model_validate_json(said.content).answers
        except ValidationError:
            return []
        if len(answers) != len(some):
            return []
        return [
            httpx.Response(answer.status, json=answer.body, request=httpx.Request(method, said.request.url.join(path)))
            for answer, (method, path) in zip(answers, (address_of(one.call) for one in some), strict=True)
        ]


def _may_be_to_blame(error: Exception) -> bool:
    """Tell whether it went wrong when the inbox had seen something of it already."""
    return not isinstance(error.__cause__, _NEVER_BEGUN)


def address_of(call: BatchCall) -> tuple[str, str]:
    """Return method and path of the call by itself."""
    path = f"/api/requests/{call.awakeable_id}"
    return ("PUT", path) if isinstance(call, AnnounceCall) else ("POST", f"{path}/{call.verb}")
