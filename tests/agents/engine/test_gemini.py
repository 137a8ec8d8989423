"""The real Gemini class, through ADK and the real engine, against a local server that speaks Gemini's HTTP API."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pytest

from embedded.ports import free_ports
from restate_bridge.contract import Outcome
from tests.agents.engine.house import House
from tests.agents.engine.opening import open_house

CLAIM: Final = {
    "amount": 1800,
    "currency": "EUR",
    "category": "travel",
    "date": "2026-03-03",
    "reason": "flight",
    "pay_to": "DE02120300000000202051",
}


class Gemini:
    """Calls ``reimburse`` for whatever is said first, then says what came of it."""

    def __init__(self, port: int) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.url = f"http://127.0.0.1:{port}"
        self.server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(gemini) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                gemini.asked.append((self.path, asked))
                content = json.dumps({"candidates": [{"content": gemini.says(asked), "finishReason": "STOP"}]}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
                pass

        return Handler

    def says(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the next content."""
        for part in asked["contents"][-1]["parts"]:
            if "functionResponse" in part:
                response = part["functionResponse"]["response"]
                return {"role": "model", "parts": [{"text": f"It was {response['status']}."}]}
        call = {"functionCall": {"name": "reimburse", "args": {"claim": CLAIM}}}
        return {"role": "model", "parts": [{"text": "This needs a person."}, call]}


@pytest.fixture(scope="module")
def gemini() -> Iterator[Gemini]:
    server = Gemini(free_ports(1)[0])
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture(scope="module")
def gemini_house(gemini: Gemini, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    more = {"GOOGLE_API_KEY": "a-key-for-nothing", "GOOGLE_GEMINI_BASE_URL": gemini.url, "AGENT_MODEL": "gemini-trial"}
    with open_house(tmp_path_factory.mktemp("gemini"), more, trial=False) as house:
        yield house


@pytest.fixture(autouse=True)
def _forgets(gemini: Gemini) -> None:
    gemini.asked.clear()


def test_gemini_calls_the_gated_tool_and_hears_the_decision(gemini: Gemini, gemini_house: House) -> None:
    house = gemini_house
    turn = house.ask("I flew to Oslo for 1,800 EUR")
    awakeable_id, held = house.inbox.wait_for_request(turn.session)
    assert held.announcement.reason == "This needs a person."
    house.decide(awakeable_id, Outcome.APPROVED)
    assert turn.answer() == "It was approved."
    assert len(house.payments(turn.session)) == 1
    assert "a-key-for-nothing" not in house.agents.log
    path, asked = gemini.asked[0]
    assert path == "/v1beta/models/gemini-trial:generateContent"
    declared = [tool["name"] for tool in asked["tools"][0]["functionDeclarations"]]
    assert declared == ["check_eligibility", "decide_on_lost_receipt", "reimburse"]
    assert len(gemini.asked) == 2


def test_after_a_cancelled_turn_gemini_gets_a_history_without_a_call_left_open(
    gemini: Gemini, gemini_house: House
) -> None:
    turn = gemini_house.ask("I flew to Oslo for 1,800 EUR")
    gemini_house.inbox.wait_for_request(turn.session)
    turn.cancel()
    turn.outcome()
    again = gemini_house.ask("Once more, please", turn.session)
    gemini_house.inbox.wait_for_request(turn.session, 2)
    again.cancel()
    _, asked = gemini.asked[-1]
    said = [(content["role"], [next(iter(part)) for part in content["parts"]]) for content in asked["contents"]]
    assert said == [
        ("user", ["text"]),
        ("model", ["text", "functionCall"]),
        ("user", ["functionResponse"]),
        ("model", ["text"]),
        ("user", ["text"]),
    ]
    assert asked["contents"][2]["parts"][0]["functionResponse"]["response"]["status"] == "cancelled"
