"""One trace from a reviewer's browser to the agent's tool: how it goes on from one process to the next.

Off unless ``OTEL_EXPORTER_OTLP_ENDPOINT`` (or ``…_TRACES_ENDPOINT``) names a collector. Then nothing of OpenTelemetry's
SDK is loaded, a span is no more than a test of a variable, and nothing is sent along.

The provider is our own and not the global one: libraries that trace by themselves (ADK would put what was said to the
model into its spans) stay silent.
"""

import atexit
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

#: The longest text of a traceparent (W3C, version 00).
LONGEST_TRACEPARENT: Final = 55

_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_W3C: Final = TraceContextTextMapPropagator()
# What a collector that is away may cost a process that stops, in seconds: it has two.
_LAST_WORDS: Final = 0.5
_provider: "TracerProvider | None" = None


def tracing_is_wanted() -> bool:
    """Whether the environment names a collector."""
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return any(os.environ.get(name, "").strip() for name in names)


def start_tracing(service: str) -> None:
    """Send this process's spans to the collector that the environment names, as those of ``service``."""
    global _provider
    if _provider is not None or not tracing_is_wanted():
        return
    # Not loaded before it is wanted.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = os.environ.get("OTEL_SERVICE_NAME") or f"countersign-{service}"
    _provider = TracerProvider(resource=Resource.create({SERVICE_NAME: named}), shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    atexit.register(stop_tracing)


def stop_tracing() -> None:
    """Send what is left, and stop; what a collector does not take within half a second is lost."""
    global _provider
    if _provider is not None:
        last = threading.Thread(target=_provider.shutdown, name="last-spans", daemon=True)
        last.start()
        last.join(_LAST_WORDS)
        _provider = None


@contextmanager
def span(
    name: str,
    *,
    parent: str = "",
    linked: str = "",
    kind: trace.SpanKind = trace.SpanKind.INTERNAL,
    attributes: Mapping[str, str | int] | None = None,
) -> Iterator[trace.Span]:
    """Have what happens in the block appear in the trace.

    Args:
        parent: the traceparent of the span that it belongs to, in whatever process that was; by default the span that
            is current here, or none.
        linked: the traceparent of a span of another trace that it has to do with.
        attributes: words about it, which hold nothing private.
    """
    if _provider is None:
        yield trace.INVALID_SPAN
        return
    context = _W3C.extract({"traceparent": parent}) if is_traceparent(parent) else None
    # The words of an exception may be private; its kind is not.
    with _provider.get_tracer("countersign").start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=attributes,
        links=_links(linked),
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except BaseException as error:
            current.set_status(trace.Status(trace.StatusCode.ERROR, type(error).__name__))
            raise


def _links(linked: str) -> list[trace.Link]:
    if not is_traceparent(linked):
        return []
    return [trace.Link(trace.get_current_span(_W3C.extract({"traceparent": linked})).get_span_context())]


def is_traceparent(text: str) -> bool:
    """Tell whether a text names a span."""
    return _TRACEPARENT.fullmatch(text) is not None


def trace_headers() -> dict[str, str]:
    """Return the headers by which another process continues the current span: ``traceparent``, or nothing."""
    carrier: dict[str, str] = {}
    if _provider is not None:
        _W3C.inject(carrier)
    if name := carrier.get("traceparent"):
        # Our SDK says as well that the id is random, by a newer flag. Restate ignores a name with any but *sampled*.
        carrier["traceparent"] = f"{name[:-2]}{int(name[-2:], 16) & trace.TraceFlags.SAMPLED:02x}"
    return carrier


def traceparent() -> str:
    """Return the name of the current span; empty when there is none."""
    return trace_headers().get("traceparent", "")


def trace_id() -> str:
    """Return the current trace's id, 32 hexadecimal digits; empty when there is none."""
    return traceparent()[3:35]
