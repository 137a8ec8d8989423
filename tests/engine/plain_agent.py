"""An ADK agent on plain Restate, with no line of our approval library in it: `python -m tests.engine.plain_agent PORT`.

Its tool makes an awakeable, prints the id, and waits for whoever knows what to do with that.
"""

import asyncio
import sys
from datetime import timedelta

import restate
from google.adk.agents import LlmAgent
from google.adk.apps import App
from google.adk.runners import Runner
from google.genai.types import Content, Part
from hypercorn.asyncio import serve
from hypercorn.config import Config
from restate.ext.adk import RestatePlugin, RestateSessionService, restate_context

from agents.models.offline import OfflineModel
from agents.models.transcript import Call, Line, Transcript

desk = restate.VirtualObject("Desk", inactivity_timeout=timedelta(seconds=0))


async def book_hotel(city: str, nights: int) -> str:
    """Book a hotel, once somebody has said yes."""
    awakeable_id, answer = restate_context().awakeable(type_hint=bool)
    print(f"somebody has to resolve {awakeable_id}", flush=True)
    try:
        allowed = await answer
    except restate.TerminalError as error:
        return f"refused: {error.message}"
    return f"booked {nights} nights in {city}" if allowed else "somebody said no"


def _play(transcript: Transcript) -> Line:
    """Call the tool, then say what came of it."""
    if transcript.fresh:
        return Line(str(transcript.fresh[-1].response))
    return Line("I book it.", (Call("book_hotel", {"city": transcript.unsettled[-1], "nights": 2}),))


_AGENT = LlmAgent(name="desk_agent", model=OfflineModel(model="offline", script=_play), tools=[book_hotel])
_RUNNER = Runner(
    app=App(name="desk", root_agent=_AGENT, plugins=[RestatePlugin()]), session_service=RestateSessionService()
)


@desk.handler()
async def ask(ctx: restate.ObjectContext, city: str) -> str:
    """Ask the agent to book a hotel, and return its answer."""
    message, answer = Content(role="user", parts=[Part(text=city)]), ""
    async for event in _RUNNER.run_async(user_id="somebody", session_id=ctx.key(), new_message=message):
        if event.is_final_response() and event.content and event.content.parts:
            answer = "".join(part.text or "" for part in event.content.parts)
    return answer


if __name__ == "__main__":
    config = Config()
    config.bind = [f"127.0.0.1:{sys.argv[1]}"]
    asyncio.run(serve(restate.app([desk]), config))
