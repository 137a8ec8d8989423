"""A local server that speaks Gemini's HTTP API, and misbehaves when it is told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from embedded.ports import free_ports

CLAIM: Final = {
    "amount": 1800,
    "currency": "EUR",
    "category": "travel",
    "date": "2026-03-03",
    "reason": "flight",
    "pay_to": "DE02120300000000202051",
}


@dataclass(frozen=True)
class Trouble:
    """What is answered instead of something sensible: after ``seconds``, with a status and a body."""

    status: int = 200
    body: str = "{}"
    seconds: float = 0


def refusal(status: int, name: str, message: str) -> Trouble:
    """An error as Gemini tells it."""
    return Trouble(status, json.dumps({"error": {"code": status, "status": name, "message": message}}))


def candidate(**candidate: Any) -> Trouble:
    """An answer with this candidate."""
    return Trouble(body=json.dumps({"candidates": [candidate]}))


class Gemini:
    """Calls ``reimburse`` for whatever is said first, then says what came of it.

    Attributes:
        asked: path and body of each call.
        troubles: what comes before that, one a call.
        trouble: what comes after those and instead of that, for as long as it is set.
    """

    def __init__(self, port: int) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.troubles: list[Trouble] = []
        self.trouble: Trouble | None = None
        self.url = f"http://127.0.0.1:{port}"
        self.server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def forget(self) -> None:
        """Behave again, and forget what was asked."""
        self.asked.clear()
        self.troubles.clear()
        self.trouble = None

    def _handler(gemini) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                gemini.asked.append((self.path, asked))
                answer = gemini.answer(asked)
                time.sleep(answer.seconds)
                content = answer.body.encode()
                self.send_response(answer.status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
                pass

        return Handler

    def answer(self, asked: dict[str, Any]) -> Trouble:
        """Return what to answer."""
        if self.troubles:
            return self.troubles.pop(0)
        return self.trouble or candidate(content=self.says(asked), finishReason="STOP")

    def says(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the next content."""
        for part in asked["contents"][-1]["parts"]:
            if "functionResponse" in part:
                response = part["functionResponse"]["response"]
                return {"role": "model", "parts": [{"text": f"It was {response['status']}."}]}
        call = {"functionCall": {"name": "reimburse", "args": {"claim": CLAIM}}}
        return {"role": "model", "parts": [{"text": "This needs a person."}, call]}


@contextmanager
def serving_gemini() -> Iterator[Gemini]:
    """Serve it on a free port."""
    gemini = Gemini(free_ports(1)[0])
    try:
        yield gemini
    finally:
        gemini.server.shutdown()
        gemini.server.server_close()


def environment(gemini: Gemini) -> dict[str, str]:
    """What makes the agents call it."""
    return {"GOOGLE_API_KEY": "a-key-for-nothing", "GOOGLE_GEMINI_BASE_URL": gemini.url, "AGENT_MODEL": "gemini-trial"}
