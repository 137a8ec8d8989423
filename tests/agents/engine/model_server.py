"""A local server in a language model's place: it answers as recorded, and misbehaves when it is told to."""

import json
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

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


class ModelServer(ABC):
    """Answers on a free port; how is up to those that inherit from it.

    Attributes:
        asked: path and body of each call.
        keys: the header ``authorization`` of each call.
        troubles: what comes before the answers, one a call.
        trouble: what comes after those and instead of the answers, for as long as it is set.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.keys: list[str | None] = []
        self.troubles: list[Trouble] = []
        self.trouble: Trouble | None = None
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        """Behave again, and forget what was asked."""
        self.asked.clear()
        self.keys.clear()
        self.troubles.clear()
        self.trouble = None

    @abstractmethod
    def answer(self, asked: dict[str, Any]) -> Trouble:
        """Return what to answer when there is no trouble."""

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                server.asked.append((self.path, asked))
                server.keys.append(self.headers["authorization"])
                answer = server.troubles.pop(0) if server.troubles else server.trouble or server.answer(asked)
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
