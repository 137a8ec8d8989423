"""Whether a run goes on, asked of the engine itself."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from restate_bridge.endings import Ended, Endings
from restate_bridge.errors import EngineAway
from restate_bridge.ids import MalformedId, awakeable_id
from restate_bridge.introspection import Ending
from tests.engine.engine import Engine
from tests.house.house import eventually

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


@pytest.fixture
def endings(engine: Engine) -> Endings:
    return Endings(engine.server.ingress_url, timeout=5)


def test_a_run_goes_on_while_it_waits_paused_or_not(engine: Engine, endings: Endings) -> None:
    run = engine.start_waiting()
    assert endings.ended(run) is None
    engine.do(run, "pause")
    eventually(lambda: engine.status(run) == "paused")
    assert endings.ended(run) is None


@pytest.mark.parametrize(("verb", "how"), [("kill", Ending.KILLED), ("cancel", Ending.CANCELLED)])
def test_a_run_that_was_ended_says_how_until_it_is_purged(
    engine: Engine, endings: Endings, verb: str, how: Ending
) -> None:
    run = engine.start_waiting()
    engine.do(run, verb)
    eventually(lambda: engine.status(run) == "completed")
    assert endings.ended(run) == Ended(how)
    engine.do(run, "purge")
    eventually(lambda: not engine.status(run))
    assert endings.ended(run) == Ended(None)


def test_a_run_that_has_ended_by_itself_well_or_not(engine: Engine, endings: Endings) -> None:
    well, badly = engine.start_waiting(), engine.start_waiting()
    engine.ingress.resolve_awakeable(awakeable_id(well), "a token")
    engine.ingress.reject_awakeable(awakeable_id(badly), "no")
    eventually(lambda: engine.status(well) == engine.status(badly) == "completed")
    assert (endings.ended(well), endings.ended(badly)) == (Ended(Ending.COMPLETED), Ended(Ending.FAILED))


def test_a_run_that_never_was_is_not_known(endings: Endings) -> None:
    assert endings.ended(NEVER_EXISTED) == Ended(None)


def test_what_is_no_id_is_not_asked_about(endings: Endings) -> None:
    with pytest.raises(MalformedId):
        endings.ended("inv_1/../../health")


class _Proxy(BaseHTTPRequestHandler):
    """Answers as a proxy does whose server is away."""

    status = 404

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"<h1>not found</h1>")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Proxy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_that_is_not_the_ingresss_says_nothing_about_a_run(
    proxy: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Proxy, "status", status)
    with pytest.raises(EngineAway):
        Endings(proxy, timeout=5).ended(NEVER_EXISTED)


def test_no_answer_says_nothing_either() -> None:
    with pytest.raises(EngineAway):
        Endings("http://127.0.0.1:9", timeout=1).ended(NEVER_EXISTED)
