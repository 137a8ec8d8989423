"""Requests that wait at the same time, each for a decision of its own."""

from types import TracebackType
from typing import Self

import restate

from agents.approval.asking import Asking
from agents.approval.durable import is_cancel
from agents.approval.errors import RequestRefused
from agents.approval.protocol import Settled, Waiting, ask, conclude
from agents.approval.telling import AFTER_CANCEL, ASKED_NO_MORE, withdraw, withdraw_restarted
from restate_bridge.contract import Withdrawal


class Several:
    """Requests of one run, by numbers of the caller's. When the block ends with an error, none is left open."""

    def __init__(self, ctx: restate.Context) -> None:
        self._ctx = ctx
        self._waiting: dict[int, Waiting] = {}

    @property
    def is_open(self) -> bool:
        """Whether any still waits."""
        return bool(self._waiting)

    async def __aenter__(self) -> Self:
        """Begin with none."""
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Withdraw what waits when the run ends; an error that Restate tries again ends nothing."""
        if isinstance(error, restate.TerminalError):
            await self.withdraw(AFTER_CANCEL if is_cancel(error) else ASKED_NO_MORE)

    async def ask(self, number: int, asking: Asking, *, supersedes: str | None = None) -> None:
        """Make a request.

        Raises:
            RequestRefused: it can't be made, or the inbox will never take it.
            TerminalError: the run was cancelled.
        """
        self._waiting[number] = await ask(self._ctx, asking, supersedes=supersedes)

    async def next(self) -> tuple[int, Settled | RequestRefused]:
        """Wait until one is settled, in the order in which that happens; return its number, and how.

        An answer that doesn't count leaves its request open: it is made anew.

        Raises:
            TerminalError: the run was cancelled.
        """
        while True:
            done, _ = await restate.wait_completed(*(one.decision for one in self._waiting.values()))
            number = next(number for number, one in self._waiting.items() if one.decision in done)
            one = self._waiting.pop(number)
            try:
                if settled := await conclude(self._ctx, one):
                    return number, settled
                await self.ask(number, one.asking, supersedes=one.awakeable_id)
            except RequestRefused as refused:
                return number, refused

    async def withdraw(self, why: Withdrawal) -> None:
        """Take back what still waits.

        Raises:
            TerminalError: the run was cancelled meanwhile; what is left waits still.
        """
        while self._waiting:
            number, one = next(reversed(self._waiting.items()))
            await withdraw(self._ctx, one.asking.tool, one.awakeable_id, why)
            await withdraw_restarted(one.receipt.announcement_id, one.awakeable_id, why)
            del self._waiting[number]
