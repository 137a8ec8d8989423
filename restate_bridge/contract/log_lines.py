"""One form for the log lines of all processes, so that one search finds a run, or a trace, in all of them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from restate_bridge.contract.tracing import trace_id

_about: ContextVar[dict[str, str]] = ContextVar("countersign_log_about", default={})  # noqa: B039 - never changed
# Django hangs the whole request on a record, whose address holds what people searched for.
_NEVER: Final = {"request", "about", "color_message"}


@contextmanager
def logged_about(**fields: str) -> Iterator[None]:
    """Have each line that is logged in the block carry fields: ``request_id`` (of the call), ``run_id``."""
    token = _about.set(_about.get())
    try:
        also_about(**fields)
        yield
    finally:
        _about.reset(token)


def also_about(**fields: str) -> None:
    """Add fields to those of the block of `logged_about` that this is called in; they go when it ends."""
    _about.set(_about.get() | {name: value for name, value in fields.items() if value})


class AboutFilter(logging.Filter):
    """Puts on each record what it is about: the call's id, the run's and the trace's, as far as there is one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with these fields; ``about`` holds them as text for people."""
        about = _about.get()
        if current := trace_id():
            about = about | {"trace_id": current}
        for name, value in about.items():
            setattr(record, name, value)
        record.about = "".join(f" {name}={value}" for name, value in about.items())
        return True


def json_lines() -> JsonFormatter:
    """Return what writes a record as one JSON object: ``at``, ``level``, ``logger``, ``message`` and its fields."""
    return JsonFormatter(
        "%(levelname)s %(name)s %(message)s",
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
        timestamp="at",
        json_ensure_ascii=False,
        reserved_attrs=[*RESERVED_ATTRS, *_NEVER],
    )
