"""Text in the engine's SQL, which has no bind parameters."""

from collections.abc import Collection
from datetime import UTC, datetime

from restate_bridge.ids import is_invocation_id


def literal(text: str) -> str:
    """Return an expression that is ``text``: written as hexadecimal digits, so that nothing in it can end it."""
    return f"arrow_cast(decode('{text.encode(errors='replace').hex()}', 'hex'), 'Utf8')"


def instant(at: datetime) -> str:
    """Return an expression that is the time ``at``, which knows its zone."""
    return f"TIMESTAMP '{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z'"


def ids(invocation_ids: Collection[str]) -> str:
    """Return ids of runs as a list, empty for none. What has not the form of one is left out: no engine knows it."""
    return ", ".join(f"'{known}'" for known in sorted({*filter(is_invocation_id, invocation_ids)}))
