"""A local server that speaks Gemini's HTTP API, and misbehaves when it is told to."""

import json
from typing import Any, override

from tests.agents.engine.model_server import CLAIM, ModelServer, Trouble


def refusal(status: int, name: str, message: str) -> Trouble:
    """An error as Gemini tells it."""
    return Trouble(status, json.dumps({"error": {"code": status, "status": name, "message": message}}))


def candidate(**candidate: Any) -> Trouble:
    """An answer with this candidate."""
    return Trouble(body=json.dumps({"candidates": [candidate]}))


class Gemini(ModelServer):
    """Calls ``reimburse`` for whatever is said first, then says what came of it."""

    @override
    def answer(self, asked: dict[str, Any]) -> Trouble:
        return candidate(content=self.says(asked), finishReason="STOP")

    def says(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the next content."""
        for part in asked["contents"][-1]["parts"]:
            if "functionResponse" in part:
                response = part["functionResponse"]["response"]
                return {"role": "model", "parts": [{"text": f"It was {response['status']}."}]}
        call = {"functionCall": {"name": "reimburse", "args": {"claim": CLAIM}}}
        return {"role": "model", "parts": [{"text": "This needs a person."}, call]}


def environment(gemini: Gemini) -> dict[str, str]:
    """What makes the agents call it."""
    return {"GOOGLE_API_KEY": "a-key-for-nothing", "GOOGLE_GEMINI_BASE_URL": gemini.url, "AGENT_MODEL": "gemini-trial"}
