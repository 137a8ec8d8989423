"""What endpoints answer when they are asked what they serve, however odd that is."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import repeat

import pytest

from embedded.ports import free_ports
from restate_bridge.endpoints import Answer, ask_endpoint, ask_endpoints
from tests.engine.engine import Engine

_HEAD = b"HTTP/1.1 200 OK\r\nx-restate-server: some-sdk/9\r\n"


@contextmanager
def answering(*pieces: bytes, forever: bytes = b"", every: float = 0) -> Iterator[str]:
    """An address that answers one call with these bytes, and then goes on until whoever asked has gone."""
    stopped = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            for piece in pieces:
                connection.sendall(piece)
            for more in repeat(forever) if forever else ():
                if stopped.wait(every):
                    return
                connection.sendall(more)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        stopped.set()
        thread.join(5)
    assert not thread.is_alive(), "whoever asked did not stop reading"


def asked_within(seconds: float, ask: Callable[[], Answer]) -> Answer:
    """Return what ``ask`` does, which has to end in time."""
    found: list[Answer] = []
    thread = threading.Thread(target=lambda: found.append(ask()), daemon=True)
    thread.start()
    thread.join(seconds)
    assert found, f"it still asks after {seconds} seconds"
    return found[0]


def test_an_agents_endpoint_says_what_it_runs_and_speaks(engine: Engine) -> None:
    [deployment] = engine.admin.get("/deployments")["deployments"]
    answer = ask_endpoint(deployment["uri"], timeout=5)
    assert answer.problem == ""
    assert answer.sdk.startswith("restate-sdk-python/")
    assert answer.protocol.startswith("5–")


def test_one_that_takes_signed_calls_alone_is_there_and_says_no_more() -> None:
    with answering(_HEAD.replace(b"200 OK", b"401 Unauthorized") + b"content-length: 0\r\n\r\n") as uri:
        assert ask_endpoint(uri, timeout=5) == Answer(sdk="some-sdk/9", is_signed_only=True)


def test_a_proxy_that_wants_a_password_is_no_endpoint_that_takes_signed_calls() -> None:
    with answering(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n") as uri:
        assert ask_endpoint(uri, timeout=5) == Answer()


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>A login page</title>",
        b"[]",
        b'"a text"',
        b"null",
        b"",
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"minProtocolVersion": {"odd": []}, "maxProtocolVersion": "7"}',
        b'{"minProtocolVersion": ' + b"9" * 5_000 + b"}",
    ],
    ids=["html", "list", "text", "null", "nothing", "no text", "nested", "no numbers", "a long number"],
)
def test_whatever_an_address_answers_it_is_there(body: bytes) -> None:
    with answering(_HEAD + b"content-length: %d\r\n\r\n" % len(body), body) as uri:
        assert ask_endpoint(uri, timeout=5) == Answer(sdk="some-sdk/9")


def test_an_answer_without_an_end_is_read_no_further_than_a_manifest_goes() -> None:
    with answering(_HEAD + b"connection: close\r\n\r\n", forever=b" " * 65_536) as uri:
        assert asked_within(20, lambda: ask_endpoint(uri, timeout=15)) == Answer(sdk="some-sdk/9")


def test_an_answer_that_drips_holds_nobody_up() -> None:
    with answering(_HEAD + b"connection: close\r\n\r\n", forever=b" ", every=0.05) as uri:
        assert asked_within(10, lambda: ask_endpoint(uri, timeout=0.5)) == Answer(sdk="some-sdk/9")


def test_a_head_that_drips_holds_nobody_up_either() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nx-long: ", forever=b"x", every=0.05) as uri:
        assert asked_within(10, lambda: ask_endpoint(uri, timeout=0.5)) == Answer(problem="timed out")


def test_a_manifest_that_breaks_off_is_of_somebody_who_is_there() -> None:
    begun = json.dumps({"minProtocolVersion": 5}).encode()
    with answering(_HEAD + b"content-length: 500\r\n\r\n", begun) as uri:
        assert ask_endpoint(uri, timeout=5) == Answer(sdk="some-sdk/9")


def test_what_speaks_no_http_is_there() -> None:
    with answering(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00") as uri:
        assert ask_endpoint(uri, timeout=5) == Answer()


def test_an_address_that_nobody_listens_on_is_found_out_at_once() -> None:
    [port] = free_ports(1)
    for host in ("127.0.0.1", "localhost"):
        assert "refused" in ask_endpoint(f"http://{host}:{port}", timeout=1).problem
    assert ask_endpoint("nonsense", timeout=1).problem
    assert ask_endpoints([], timeout=1) == []
