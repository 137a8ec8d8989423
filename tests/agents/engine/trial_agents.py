"""Agents whose tools and model misbehave, served like the samples: ``python -m tests.agents.engine.trial_agents``.

Their model does what the message says: ``tool {"argument": …}``, one call a line; it answers with what came back.
"""

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from datetime import timedelta
from functools import partial
from typing import Any, override

import restate
from google.adk.agents import LlmAgent
from google.adk.agents.run_config import RunConfig
from google.adk.apps import App
from google.adk.apps.app import EventsCompactionConfig
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.runners import Runner
from google.adk.tools.agent_tool import AgentTool
from google.adk.tools.tool_context import ToolContext
from google.adk.workflow import START, Workflow
from google.genai.types import UserContent
from restate.ext.adk import RestateEventSummarizer, RestatePlugin, RestateSessionService

from agents import service
from agents.approval import (
    Escalation,
    File,
    SessionMemory,
    ask_human,
    ask_human_tool,
    durable_plugins,
    in_handler,
    request_approval,
    request_approvals,
)
from agents.approval.talk import Ask, Reply
from agents.environment import Environment
from agents.models.offline import OfflineModel
from agents.models.transcript import Call, Line, Transcript
from agents.session_object import session_object
from tests.agents.engine.clashing import clashing
from tests.agents.engine.trial_tools import (
    Pickup,
    agree,
    ask_nothing,
    ask_within,
    break_off,
    call_what_is_not_gated,
    consult,
    finish_wall,
    key_of,
    keys,
    lay,
    linger,
    make,
    note,
    pay_out,
    recall,
    refuse,
    stumble,
    transfer,
    transfer_many,
    work,
)


def play(transcript: Transcript) -> Line:
    """Call what the user's message says, then answer with what came back."""
    if transcript.unsettled == ["loop"] or transcript.before == ["loop"]:
        return Line(calls=(Call("transfer", {"amount": 1}),))
    if transcript.fresh:
        return Line(json.dumps([result.response for result in transcript.fresh]))
    if transcript.unsettled[-1] == "think":
        return Line("I thought.")
    if transcript.unsettled[-1] == "break":
        raise ConnectionError("the model is away")
    lines = [line.split(" ", 1) for line in transcript.unsettled[-1].splitlines()]
    return Line("As told.", tuple(Call(tool, json.loads(arguments)) for tool, arguments in lines))


class _Model(OfflineModel):
    """Takes a second over what it is told to think about."""

    @override
    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        if Transcript.of(llm_request.contents).unsettled[-1:] == ["think"]:
            await asyncio.sleep(1)
        async for response in super().generate_content_async(llm_request, stream):
            yield response


def _agent() -> LlmAgent:
    desk = ask_human_tool(groups=("desk",), escalations=(Escalation(after=timedelta(hours=1), remind=("desk",)),))
    pickup = ask_human_tool(form=Pickup, name="arrange_pickup", groups=("desk",))
    model = _Model(model="offline", script=play)
    helper = AgentTool(LlmAgent(name="helper", description="Transfers.", model=model, tools=[transfer]))
    asking = [refuse, stumble, make, work, ask_within, linger, transfer, finish_wall, desk, pickup, pay_out]
    several = [transfer_many, agree, keys, call_what_is_not_gated]
    tools = [*asking, *several, break_off, ask_nothing, consult, lay, note, recall, helper]
    return LlmAgent(name="trial_agent", description="Does what it is told.", model=model, tools=tools)


def brittle() -> restate.VirtualObject:
    """Return a service as its author would write it, which gives its model up after two tries.

    What bounds its conversations and its turns is ADK's own.
    """
    tries: restate.RunOptions[Any] = restate.RunOptions(
        max_attempts=2, initial_retry_interval=timedelta(milliseconds=50)
    )
    summarizer = RestateEventSummarizer.from_llm(_Model(model="offline", script=lambda _: Line("A summary.")))
    each = EventsCompactionConfig(summarizer=summarizer, compaction_interval=1, overlap_size=0)
    plugins = [RestatePlugin(run_options=tries), SessionMemory()]
    app = App(name="brittle", root_agent=_agent(), plugins=plugins, events_compaction_config=each)
    runner = Runner(app=app, session_service=RestateSessionService())
    served = restate.VirtualObject("Brittle")

    @served.handler()
    async def ask(ctx: restate.ObjectContext, said: Ask) -> Reply:
        texts = [
            part.text or ""
            async for event in runner.run_async(
                user_id=said.user,
                session_id=ctx.key(),
                new_message=UserContent(said.message),
                run_config=RunConfig(max_llm_calls=1),
            )
            for part in (event.content.parts if event.content else None) or ()
        ]
        return Reply(answer=texts[-1])

    return served


def desk() -> restate.Service:
    """Return a service without any agent, whose handlers ask people."""
    served = restate.Service("Desk")

    @served.handler()
    async def order(ctx: restate.Context, amount: int) -> dict[str, Any]:
        answer = await ask_human(in_handler(ctx, requester="alice", reason="It is due."), "Now or later?")
        said = [f"{answer.decided_by}: {answer.text}"]
        return dict(await request_approval(in_handler(ctx, said=said), partial(transfer, amount=amount)))

    @served.handler()
    async def fetch(ctx: restate.Context) -> dict[str, Any]:
        answer = await ask_human(in_handler(ctx), "Where is it?", form=Pickup, begins_with={"parcels": 2})
        where = answer.value
        found = {"on": where.on.isoformat(), "parcels": where.parcels} if where else {}
        return {"status": answer.status, **found}

    @served.handler()
    async def show(ctx: restate.Context, name: str) -> str:
        file = File(name, b"What it holds")
        return (await ask_human(in_handler(ctx), "Is this right?", files=[file])).text

    @served.handler()
    async def fetch_oddly(ctx: restate.Context) -> str:
        return (await ask_human(in_handler(ctx), "Where is it?", form=Pickup, begins_with={"colour": "red"})).status

    @served.handler()
    async def order_many(ctx: restate.Context, amounts: list[int]) -> list[Any]:
        return await request_approvals(in_handler(ctx), [partial(transfer, amount=amount) for amount in amounts])

    @served.handler()
    async def stumble_there(ctx: restate.Context, times: int) -> Any:
        return await request_approval(in_handler(ctx), partial(stumble, times=times))

    return served


def flow() -> restate.VirtualObject:
    """Return a service whose agent is a graph of nodes: one reads the amount, the next one transfers it."""

    def read(node_input: Any) -> int:
        """Read the amount."""
        return int(node_input.parts[0].text)

    async def put_to_people(ctx: ToolContext, node_input: int) -> dict[str, Any]:
        """Transfer it, when somebody approves."""
        answer = await ask_human(ctx, "Is it due?", choices=("yes", "no"))
        keys = [await request_approval(ctx, partial(key_of, name="free")) for _ in range(2)]
        return {"due": answer.text, "keys": keys, **await request_approval(ctx, partial(transfer, amount=node_input))}

    graph = Workflow(name="flow", edges=[(START, read, put_to_people)])
    app = App(name="flow", root_agent=graph, plugins=durable_plugins())
    runner = Runner(app=app, session_service=RestateSessionService())
    served = restate.VirtualObject("Flow")

    @served.handler()
    async def ask(ctx: restate.ObjectContext, said: Ask) -> Any:
        outputs = [
            event.output
            async for event in runner.run_async(
                user_id=said.user, session_id=ctx.key(), new_message=UserContent(said.message)
            )
            if event.output is not None
        ]
        return outputs[-1]

    return served


if __name__ == "__main__":
    environment = Environment.read({**os.environ, "AGENTS_BIND": os.environ["TRIAL_BIND"]})
    service.SERVICES = (session_object("Trial", _agent()), brittle(), desk(), flow(), clashing())  # type: ignore[misc]
    asyncio.run(service.run(environment))
