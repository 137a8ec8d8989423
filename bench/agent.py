"""One small ADK agent in two forms: its tool waits for a raw awakeable, or behind ``requires_approval``.

Everything else is the same: the model, the plugin, the session, the tool's one durable step. ``python -m bench.agent``
serves both to Restate.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import restate
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.models.base_llm import BaseLlm
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.runners import Runner
from google.genai.types import Content, FunctionCall, Part
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.ext.adk import RestatePlugin, RestateSessionService, restate_object_context
from restate.serde import BytesSerde

from agents.approval import requires_approval


def act(name: str) -> dict[str, Any]:
    """Do the work: note when.

    Args:
        name: whose.
    """
    with Path(os.environ["BENCH_STEPS_FILE"]).open("a") as file:
        file.write(f"{name} {time.time()}\n")
    return {"done": True}


@requires_approval(title="Act for {name}", groups=("finance",))
def gated_act(name: str) -> dict[str, Any]:
    """Do the work, once a person has approved.

    Args:
        name: whose.
    """
    return act(name)


async def raw_act(name: str) -> dict[str, Any]:
    """Do the work, once the awakeable was resolved.

    Args:
        name: whose.
    """
    context = restate_object_context()
    awakeable_id, woken = context.awakeable(serde=BytesSerde())

    def announce() -> None:
        with Path(os.environ["BENCH_AWAKEABLES_FILE"]).open("a") as file:
            file.write(f"{name} {awakeable_id}\n")

    await context.run_typed("announce", announce)
    await woken
    return await context.run_typed("raw_act", lambda: act(name))


class OneCall(BaseLlm):
    """Calls the one tool, then says that it is done."""

    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        """Answer from the conversation alone."""
        last = (llm_request.contents[-1].parts or [Part()])[0]
        if last.function_response:
            yield LlmResponse(content=Content(role="model", parts=[Part(text="Done.")]))
            return
        call = FunctionCall(name=next(iter(llm_request.tools_dict)), args={"name": last.text})
        yield LlmResponse(content=Content(role="model", parts=[Part(function_call=call)]))


def service(name: str, tool: Callable[..., Any]) -> restate.VirtualObject:
    """Return a service around an agent with one tool."""
    agent = LlmAgent(name=name.lower(), model=OneCall(model="one-call"), tools=[tool])
    app = App(name=name.lower(), root_agent=agent, plugins=[RestatePlugin()])
    runner = Runner(app=app, session_service=RestateSessionService())
    built = restate.VirtualObject(name, inactivity_timeout=timedelta(seconds=1))

    @built.handler()
    async def ask(ctx: restate.ObjectContext, said: dict[str, str]) -> str:
        message = Content(role="user", parts=[Part(text=said["message"])])
        async for _ in runner.run_async(user_id=said["user"], session_id=ctx.key(), new_message=message):
            pass
        return "done"

    return built


if __name__ == "__main__":
    config = Config()
    config.bind = [os.environ["AGENTS_BIND"]]
    config.h2_max_concurrent_streams = 10_000
    asyncio.run(serve(restate.app([service("Raw", raw_act), service("Gated", gated_act)]), config))
