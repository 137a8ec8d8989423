"""What is kept under the key of a virtual object: read, and replaced as a whole."""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.http import RestateHttp

# ruff: noqa: S608 - queries are built from constants and from what `restate_bridge.sql` has written

_TIMEOUT: Final = 10.0


@dataclass(frozen=True, slots=True)
class StateName:
    """A value by its name.

    Attributes:
        size: its length in bytes.
    """

    name: str
    size: int


def state_names(admin: Admin, service: str, key: str, *, at_most: int) -> list[StateName]:
    """Return what is kept under a key, by name; the values are not read.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(
        f"SELECT key, value_length FROM state WHERE {_under(service, key)} ORDER BY key LIMIT {at_most:d}"
    )
    return [StateName(row["key"], row["value_length"]) for row in rows]


def state_size(admin: Admin, service: str, key: str, name: str) -> int | None:
    """Return the length of a value in bytes, which is not read; None where there is none of that name.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(f"SELECT value_length FROM state WHERE {_under(service, key)} AND key = {sql.literal(name)}")
    return int(rows[0]["value_length"]) if rows else None


def state_values(admin: Admin, service: str, key: str, names: Collection[str]) -> dict[str, bytes]:
    """Return the values of some names; of those that are not there, nothing. The caller bounds how much that is.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not names:
        return {}
    wanted = ", ".join(sql.literal(name) for name in sorted(names))
    rows = admin.query(f"SELECT key, value FROM state WHERE {_under(service, key)} AND key IN ({wanted})")
    return {row["key"]: bytes.fromhex(row.get("value", "")) for row in rows}


def state_version(state: Mapping[str, bytes]) -> str:
    """Return the name that the engine itself gives to the whole of a session's state, by which it guards a change."""
    digest = sha256()
    for place, (name, value) in enumerate(sorted((name.encode(), value) for name, value in state.items())):
        digest.update(place.to_bytes(8, "big") + b"\x01" + name + b"\x02" + value + b"\x03")
    return base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def has_the_key(admin: Admin, service: str, key: str) -> str:
    """Return the run that has a key for itself, empty when none does. What changes its state waits for that to end.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    # The first is there with the scheduler that can pause waiting runs, the second with the other one.
    lock = sql.literal(f"{service}/{key}")
    rows = admin.query(
        f"SELECT acquired_by AS run FROM sys_locks WHERE lock_name = {lock} "
        f"UNION ALL SELECT invocation_id AS run FROM sys_keyed_service_status WHERE {_under(service, key)} LIMIT 1"
    )
    return str(rows[0].get("run", "")) if rows else ""


class StateKeeper:
    """Replaces the state of sessions. Safe to share between threads."""

    def __init__(self, admin_url: str, *, timeout: float = _TIMEOUT) -> None:
        """Make it; ``timeout`` is in seconds."""
        self._http = RestateHttp(admin_url, timeout=timeout)

    def replace(self, service: str, key: str, state: Mapping[str, bytes], *, version: str) -> int:
        """Have the whole state of a session replaced, and return the HTTP status.

        202 proves nothing: the change waits for its turn behind what runs and queues under the key, and is dropped
        without a word when the state is not ``version`` any more by then.

        Raises:
            EngineAway, EngineRefused: see `restate_bridge.errors`.
        """
        new = {name: list(value) for name, value in state.items()}
        asked = {"object_key": key, "new_state": new, "version": version}
        return self._http.call("POST", f"/services/{quote(service, safe='')}/state", json=asked).status_code


def _under(service: str, key: str) -> str:
    return f"service_name = {sql.literal(service)} AND service_key = {sql.literal(key)}"
