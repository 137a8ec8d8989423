"""A stand-in for the inbox's intake API, over real HTTP.

The inbox is the other wing, and end-to-end tests with the real one live elsewhere. Here a test plays the inbox: it
sees what agents announce and report, can be away, slow or unwilling, and signs what the test decides.
"""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agents.approval.inbox_batches import address_of
from restate_bridge.contract import Announcement, Batch, DecisionClaims, Outcome, Rebinding, sign_decision

TOKEN = "agent-token-of-the-tests"


@dataclass
class Held:
    """What the inbox was told about one request; a restarted run's is signed for its earlier announcement."""

    announcement: Announcement
    announcement_id: str
    heard: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


class StandInInbox:
    """Records announcements by awakeable id, in the order in which they came."""

    def __init__(self, port: int) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.requests: dict[str, Held] = {}
        self.files: dict[str, bytes] = {}
        self.away = False
        self.turned_away: list[tuple[float, str]] = []
        self.refusals: list[tuple[int, str]] = []
        self.no_go: set[str] = set()
        self.held_back: set[str] = set()
        self.batches: list[int] = []
        self.url = f"http://127.0.0.1:{port}"
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def of_session(self, session: str) -> list[tuple[str, Held]]:
        """Return what a session asked for, oldest first, with the awakeable ids."""
        return [(i, held) for i, held in list(self.requests.items()) if held.announcement.run.session_id == session]

    def of_run(self, invocation_id: str) -> list[tuple[str, Held]]:
        """Return what a run asked for or was found waiting for, oldest first, with the awakeable ids."""
        return [
            (i, held) for i, held in list(self.requests.items()) if held.announcement.run.invocation_id == invocation_id
        ]

    def of_case(self, invocation_id: str) -> list[tuple[str, Held]]:
        """Return what a run asked for and those that work for it, oldest first, with the awakeable ids."""
        held = list(self.requests.items())
        return [
            (i, h) for i, h in held if invocation_id in (h.announcement.run.case_run, h.announcement.run.invocation_id)
        ]

    def wait_for_request(self, session: str, number: int = 1) -> tuple[str, Held]:
        """Return a session's request, the ``number``-th that it made."""
        return wait_for(lambda: self.of_session(session)[number - 1 : number], f"request {number} of {session}")[0]

    def wait_to_hear(self, awakeable_id: str, verb: str) -> dict[str, Any]:
        """Return what the agent told about a request with one of its verbs, the last time."""
        heard = self.requests[awakeable_id].heard
        return wait_for(lambda: heard[verb][-1:], f"{verb} of {awakeable_id}")[0]

    def sign(self, awakeable_id: str, outcome: Outcome, **more: Any) -> str:
        """Return a signed decision on a request, by Rita the reviewer unless ``more`` says otherwise."""
        held = self.requests[awakeable_id]
        announcement = held.announcement
        claims: dict[str, Any] = {
            "decision_id": str(uuid4()),
            "announcement_id": held.announcement_id,
            "outcome": outcome,
            "decided_by": "Rita Reviewer",
            "decided_at": datetime.now(UTC),
            "digest": announcement.digest,
            "arguments": announcement.arguments if outcome is Outcome.APPROVED else None,
        }
        return sign_decision(DecisionClaims(**(claims | more)), self.key)

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if self.away:
            self.turned_away.append((time.monotonic(), path))
            return 503, {"detail": "the stand-in inbox is away"}
        if self.refusals:
            status, detail = self.refusals.pop(0)
            named, _, message = detail.rpartition(": ")
            return status, {"problems": [{"field": named, "message": message}]}
        if path == "/api/batch":
            return self._together(Batch.model_validate_json(body))
        if path.startswith("/api/files/"):
            self.files[path.removeprefix("/api/files/")] = body
            return 200, {}
        return self._about(method, path, body)

    def _together(self, batch: Batch) -> tuple[int, dict[str, Any]]:
        self.batches.append(len(batch.calls))
        answers = [self._about(*address_of(call), call.body.model_dump_json().encode()) for call in batch.calls]
        return 200, {"answers": [{"status": status, "body": said} for status, said in answers]}

    def _about(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        awakeable_id, _, verb = path.removeprefix("/api/requests/").partition("/")
        if method == "PUT":
            return self._announced(awakeable_id, Announcement.model_validate_json(body))
        if awakeable_id not in self.requests:
            return 404, {"detail": "no such request"}
        if b"\\u0000" in body:
            return 422, {"detail": "PostgreSQL stores no null character"}
        self.requests[awakeable_id].heard[verb].append(json.loads(body))
        while verb in self.held_back:
            time.sleep(0.01)
        if verb == "rebind":
            self._rebound(awakeable_id, Rebinding.model_validate_json(body))
        go = awakeable_id not in self.no_go
        return 200, {"go": go, "reason": "" if go else "taken back"} if verb == "acknowledge" else {}

    def _announced(self, awakeable_id: str, announcement: Announcement) -> tuple[int, dict[str, Any]]:
        while "announce" in self.held_back:
            time.sleep(0.01)
        known = self.requests.get(awakeable_id)
        if known and known.announcement != announcement:
            return 409, {"detail": "other content"}
        self.requests.setdefault(awakeable_id, Held(announcement, awakeable_id))
        number = list(self.requests).index(awakeable_id) + 1
        return 200, {"announcement_id": awakeable_id, "request_id": number, "url": f"{self.url}/requests/{number}"}

    def _rebound(self, announcement_id: str, rebinding: Rebinding) -> None:
        announcement = self.requests[announcement_id].announcement.model_copy(update={"run": rebinding.run})
        self.requests.setdefault(rebinding.awakeable_id, Held(announcement, announcement_id))

    def _handler(inbox) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_PUT(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers["authorization"] != f"Bearer {TOKEN}":
                    status, answer = 401, {"detail": "the token is not known"}
                else:
                    status, answer = inbox._answer(self.command, self.path, body)
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
                pass

        return Handler


def wait_for[T](look: Callable[[], T], what: str, seconds: float = 15.0) -> T:
    """Return what ``look`` returns as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not seen within {seconds:g} s: {what}")
