"""A collector of traces: what OpenTelemetry's exporters send, over HTTP or gRPC, kept for a test to look at."""

import asyncio
import gzip
import threading
from dataclasses import dataclass
from typing import Any, Self

from hypercorn.asyncio import serve
from hypercorn.config import Config
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from embedded.ports import free_ports, listens
from tests.house.house import eventually

_GRPC = "application/grpc"
_NOTHING = b"\0\0\0\0\0"  # gRPC's frame of an empty message


@dataclass(frozen=True)
class CollectedSpan:
    """A span as it came; ids are hexadecimal, ``parent_id`` is empty for the first of a trace.

    Attributes:
        linked: the ids of the spans that it points at besides, in whatever trace these are.
    """

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]
    linked: tuple[str, ...]


class Collector:
    """Listens on loopback, in a ``with`` block, and keeps every span that it is sent."""

    def __init__(self) -> None:
        """Choose a free port."""
        [self._port] = free_ports(1)
        self.url = f"http://127.0.0.1:{self._port}"
        self._spans: list[CollectedSpan] = []
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="collector", daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        eventually(lambda: listens(self._port), what="the collector")
        return self

    def __exit__(self, *failure: object) -> None:
        """Stop."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def spans(self, name: str = "") -> list[CollectedSpan]:
        """Return what has come, of one name or all."""
        return [span for span in list(self._spans) if name in ("", span.name)]

    def _run(self) -> None:
        config = Config()
        config.bind, config.graceful_timeout = [f"127.0.0.1:{self._port}"], 0.1
        # Exporters send every five seconds, which is also when a kept connection is closed otherwise: what they send
        # just then is lost.
        config.keep_alive_timeout = 3_600
        self._loop.run_until_complete(serve(self._answer, config, shutdown_trigger=self._stop.wait))

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        """Take what an exporter posts; it speaks gRPC if it says so."""
        if scope["type"] != "http":
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        speaks_grpc = headers.get("content-type", "").startswith(_GRPC)
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        packed = body[:1] == b"\1" if speaks_grpc else headers.get("content-encoding") == "gzip"
        message = body[5:] if speaks_grpc else body
        self._spans += _spans_in(gzip.decompress(message) if packed else message)
        kind = _GRPC if speaks_grpc else "application/x-protobuf"
        answer = [(b"content-type", kind.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": answer, "trailers": speaks_grpc})
        await send({"type": "http.response.body", "body": _NOTHING if speaks_grpc else b""})
        if speaks_grpc:
            await send({"type": "http.response.trailers", "headers": [(b"grpc-status", b"0")]})


def _spans_in(message: bytes) -> list[CollectedSpan]:
    sent = ExportTraceServiceRequest.FromString(message)
    return [
        CollectedSpan(
            service=next(a.value.string_value for a in group.resource.attributes if a.key == "service.name"),
            name=span.name,
            trace_id=span.trace_id.hex(),
            span_id=span.span_id.hex(),
            parent_id=span.parent_span_id.hex(),
            attributes={a.key: a.value.string_value or str(a.value.int_value) for a in span.attributes},
            linked=tuple(link.span_id.hex() for link in span.links),
        )
        for group in sent.resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]
