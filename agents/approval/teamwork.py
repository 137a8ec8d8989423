"""Asking other agents, durably and at the same time. Where each of them is served, Restate knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import restate
from google.adk.tools.tool_context import ToolContext
from pydantic import ValidationError
from restate import gather

from agents.approval.callers import call_of
from agents.approval.cases import case_headers
from agents.approval.durable import on_server, restate_context
from agents.approval.talk import Ask, Reply


@dataclass(frozen=True)
class Errand:
    """What another agent is asked.

    Attributes:
        service: its service, whose ``ask`` takes an `Ask` and returns a `Reply`, as `session_object` makes them.
        message: what is said to it.
        key: the session; empty for a new one of its own, which no other call waits behind.
    """

    service: str
    message: str
    key: str = ""


@dataclass(frozen=True)
class Answered:
    """What came of an errand.

    Attributes:
        status: ``answered``, or ``failed`` when its run failed, was cancelled or killed.
        answer: what the agent said; empty when it failed.
        error: why it failed.
    """

    service: str
    status: Literal["answered", "failed"]
    answer: str = ""
    error: str = ""


async def ask_agents(tool_context: ToolContext, errands: Sequence[Errand]) -> list[Answered]:
    """Ask agents at the same time, on behalf of the same person; return what came of each, in the same order.

    Each may ask people itself, and takes as long as they do; meanwhile nothing is held. Its requests belong to the case
    of this run. When this run is cancelled, so are theirs.

    Raises:
        NoRestateContext: it was called outside a Restate handler.
        TerminalError: this run was cancelled; or it was called inside a durable step.
    """
    ctx = restate_context("ask_agents")
    calls = [_call(ctx, tool_context, number, errand) for number, errand in enumerate(errands)]
    # It raises for a cancellation of this run alone: how each call ended is only read below.
    await gather(*calls)
    return [await _answered(errand, call) for errand, call in zip(errands, calls, strict=True)]


def _call(
    ctx: restate.Context, tool_context: ToolContext, number: int, errand: Errand
) -> restate.RestateDurableFuture[bytes]:
    said = Ask(user=tool_context.user_id, message=errand.message)
    key = errand.key or f"{'.'.join(call_of(tool_context))}.{number}"
    body = said.model_dump_json().encode()
    return ctx.generic_call(errand.service, "ask", body, key, headers=case_headers(on_server(ctx)))


async def _answered(errand: Errand, call: restate.RestateDurableFuture[bytes]) -> Answered:
    try:
        reply = Reply.model_validate_json(await call)
    except restate.TerminalError as error:
        return Answered(errand.service, "failed", error=error.message)
    except ValidationError:
        return Answered(errand.service, "failed", error=f"{errand.service} answered with what is no reply")
    return Answered(errand.service, "answered", reply.answer)
