"""Traces: nothing without a collector, and little when it is away."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from embedded.settings import ROOT
from restate_bridge.contract import is_traceparent, span, start_tracing, stop_tracing, trace_headers, traceparent
from tests.house.collector import Collector
from tests.house.house import eventually

SPAN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that this process sends its spans to."""
    with Collector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        start_tracing("tests")
        yield collector
        stop_tracing()


def test_without_a_collector_nothing_is_loaded_and_nothing_is_sent_along() -> None:
    code = """
import sys
from restate_bridge.contract import *
start_tracing("tests")
with span("something", parent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"):
    assert (traceparent(), trace_headers()) == ("", {})
assert not any(name.startswith(("opentelemetry.sdk", "opentelemetry.exporter", "requests")) for name in sys.modules)
"""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_a_span_goes_on_from_another_processs_and_points_at_a_third(collector: Collector) -> None:
    with span("outer", parent=SPAN, linked=SPAN.replace("b7", "c8"), attributes={"number": 1}):
        assert traceparent()[3:35] == SPAN[3:35]
        assert trace_headers() == {"traceparent": traceparent()}
        with span("inner"):
            pass
    stop_tracing()
    inner, outer = (eventually(lambda name=name: collector.spans(name))[0] for name in ("inner", "outer"))  # type: ignore[misc]
    assert (outer.service, outer.trace_id, outer.parent_id) == ("countersign-tests", SPAN[3:35], SPAN[36:52])
    assert outer.linked == (SPAN.replace("b7", "c8")[36:52],)
    assert (inner.trace_id, inner.parent_id) == (outer.trace_id, outer.span_id)


def test_a_trace_that_begins_here_is_named_in_the_way_that_restate_takes(collector: Collector) -> None:
    with span("first"):
        assert traceparent().endswith("-01")


def test_what_breaks_is_marked_by_its_kind_and_not_by_its_words(collector: Collector) -> None:
    with pytest.raises(ValueError, match="private"), span("broken"):
        raise ValueError("a private word")
    stop_tracing()
    [broken] = eventually(lambda: collector.spans("broken"))
    assert "private" not in str(broken)


@pytest.mark.parametrize("text", ["", "nonsense", SPAN + "0", SPAN.upper(), SPAN[:-3], "01" + SPAN[2:]])
def test_what_names_no_span_begins_a_trace_of_its_own(collector: Collector, text: str) -> None:
    assert not is_traceparent(text)
    with span("alone", parent=text, linked=text):
        assert traceparent()[3:35] not in ("", SPAN[3:35])


def test_a_collector_that_does_not_answer_holds_up_no_process_that_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        start_tracing("tests")
        with span("lost"):
            pass
        stop_tracing()
        assert "last-spans" in {thread.name for thread in threading.enumerate()}
