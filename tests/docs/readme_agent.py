"""The README's own agent, served with a model that plays along: ``python -m tests.docs.readme_agent``."""

import asyncio
from typing import Any

from agents import service
from agents.environment import Environment
from agents.models.offline import OfflineModel
from agents.models.transcript import Call, Line, Transcript
from tests.docs.guide import run
from tests.docs.pages import ROOT, blocks


def play(transcript: Transcript) -> Line:
    """Refund what the message says in its last word, then say what came of it."""
    if transcript.fresh:
        return Line(str(transcript.fresh[-1].response))
    amount = float(transcript.unsettled[-1].split()[-1])
    return Line("It is due.", (Call("refund", {"order": "A-1007", "amount": amount}),))


def readme_service() -> Any:
    """Return the service that the README defines."""
    defined = run(blocks(ROOT / "README.md", "python")[0])
    defined["agent"].model = OfflineModel(model="offline", script=play)
    return defined["refunds"]


if __name__ == "__main__":
    service.SERVICES = (readme_service(),)  # type: ignore[misc]
    asyncio.run(service.run(Environment.read()))
