"""`request_approvals`: calls of gated tools, many at the same time, from code."""

from collections.abc import Container, Mapping, Sequence
from typing import Final, cast

import restate

from agents.approval import outcomes
from agents.approval.callers import Caller
from agents.approval.calls import Call, GatedCall, call_of
from agents.approval.dry_run import is_dry_run
from agents.approval.durable import on_server, restate_context
from agents.approval.errors import RequestRefused
from agents.approval.outcomes import Told
from agents.approval.protocol import Settled
from agents.approval.results import Result
from agents.approval.several import Several
from restate_bridge.contract import digest_of

_AT_MOST: Final = 50


async def request_approval(caller: Caller, call: GatedCall) -> Result:
    """Call a gated tool from a plain handler, a node of a workflow, or another tool; see `request_approvals`.

    Returns:
        What came of it, told apart by its ``status``.
    """
    [told] = await request_approvals(caller, [call])
    return told


async def request_approvals(caller: Caller, calls: Sequence[GatedCall]) -> list[Result]:
    """Call gated tools at the same time; each is decided on its own, and carried out as soon as it is approved.

    Reviewers find them together, and may decide one by one or many at once. Calls that need no approval (``when``) run
    at once. Inside each tool ``tool_context.function_call_id`` has a number of its own behind it, the same in every
    replay, for a key of its own.

    Args:
        caller: who asks: the tool's context, or what `in_handler` returns. It must not be a durable step itself.
        calls: at most 50, such as ``[partial(pay, invoice=invoice) for invoice in invoices]``.

    Returns:
        What came of each, in the order of ``calls``, told apart by its ``status``. It is also what a model understands.

    Raises:
        NoRestateContext: it was called outside a Restate handler.
        RequestRefused: a call is none of a gated tool, or there are too many.
        TerminalError: the run was cancelled, and what still waited is withdrawn; or it was called inside a durable
            step.
    """
    ctx = restate_context("request_approvals")
    if len(calls) > _AT_MOST:
        raise RequestRefused(f"{len(calls)} calls at the same time, at most {_AT_MOST} are taken", status_code=422)
    wanted = dict(enumerate(call_of(ctx, call, caller) for call in calls))
    told = {number: outcomes.failed(call) for number, call in wanted.items() if isinstance(call, str)}
    able = {number: call for number, call in wanted.items() if isinstance(call, Call)}
    asked = {number: call for number, call in able.items() if call.gated.policy.needs_approval(call.typed)}
    if is_dry_run():
        return _results(told | await _rehearsed(ctx, able, asked.keys()))
    shared = shared_by(ctx, [*asked.values()]) if len(asked) > 1 else ""
    async with Several(ctx) as several:
        for number, call in asked.items():
            try:
                asking = call.gated.asking(ctx, caller, call.typed, call.plain, shared)
                await several.ask(number, asking)
            except RequestRefused as refused:
                told[number] = await call.gated.refused(ctx, refused)
        for number, call in able.items():
            if number not in asked:
                told[number] = await call.gated.ran(ctx, call.caller, call.typed)
        while several.is_open:
            number, outcome = await several.next()
            told[number] = await _finished(ctx, able[number], outcome)
    return _results(told)


async def _rehearsed(ctx: restate.Context, able: Mapping[int, Call], asked: Container[int]) -> dict[int, Told]:
    return {n: await call.gated.rehearsed(ctx, call.typed, call.plain, asks=n in asked) for n, call in able.items()}


def _results(told: dict[int, Told]) -> list[Result]:
    return [cast("Result", told[number]) for number in sorted(told)]


def shared_by(ctx: restate.Context, calls: Sequence[Call]) -> str:
    """Return what the requests share that are made at the same time: the same in every replay, and nowhere else."""
    run = on_server(ctx).request().id
    digest = digest_of("together", {"run": run, "call": calls[0].caller.function_call_id})
    return digest.removeprefix("sha256:")[:32]


async def _finished(ctx: restate.Context, call: Call, outcome: Settled | RequestRefused) -> Told:
    if isinstance(outcome, RequestRefused):
        return await call.gated.refused(ctx, outcome)
    return await call.gated.finished(ctx, call.caller, [outcome], call.plain)
