"""The attempts of a run that failed, as they stand beside its journal."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from restate_bridge import sql
from restate_bridge.admin import Admin
from restate_bridge.ids import checked
from restate_bridge.long_texts import beginning_of

# ruff: noqa: S608 - queries are built from constants, from numbers and from ids that are checked

# A message can be anything, such as a whole page that a proxy sent: of a longer one only the two ends are read.
_WHOLE: Final = 20_000
_END: Final = 2_000
_TEXT: Final = r'((?:[^"\\]|\\.)*)'
_MESSAGE: Final = re.compile(rf'"error_message":"{_TEXT}')
_HALF_ESCAPE: Final = re.compile(r"\\u[0-9a-fA-F]{0,3}$")
_CODE: Final = re.compile(r'"error_code":(\d+),"error_message"')
_COMMAND: Final = re.compile(
    rf'"related_command_index":(\d+)(?:,"related_command_name":"{_TEXT}")?(?:,"related_command_type":"(\w+)")?\}}+$'
)


# The last attempt of a run that the engine has paused, since it failed too often, stands in what tells of the pause.
_FAILED: Final = (
    "(event_type = 'TransientError' OR (event_type = 'Paused' AND contains(event_json, '\"last_failure\"')))"
)


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An attempt that failed and was, or will be, followed by another.

    Attributes:
        code: as HTTP has it; None when the engine does not tell.
        message: its beginning, if it is long.
        stack: the trace as the SDK sent it; may be empty.
        left_out: how many characters of message and trace together were not read.
        step: the entry of the command in which it failed; None when it was in none, or that never got into the journal.
        step_name: the name of that command, such as that of a step; empty where it has none.
        step_kind: ``Run``, ``Call`` and so on; empty when it was in no command.
    """

    at: datetime
    message: str
    code: int | None = None
    stack: str = ""
    left_out: int = 0
    step: int | None = None
    step_name: str = ""
    step_kind: str = ""


def failed_attempts(admin: Admin, invocation_id: str, *, at_most: int) -> list[FailedAttempt]:
    """Return the latest failed attempts of a run, newest first; the engine keeps one of several like ones in a row.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    rows = admin.query(
        f"SELECT appended_at, left(event_json, {_WHOLE}) AS event, right(event_json, {_END}) AS event_end, "
        f"character_length(event_json) AS size FROM sys_journal_events "
        f"WHERE id = '{checked(invocation_id)}' AND {_FAILED} "
        f"ORDER BY appended_at DESC LIMIT {at_most:d}"
    )
    failed = [_failed(row) for row in rows]
    entries = _entries_of_commands(admin, invocation_id, {one.step for one in failed if one.step is not None})
    return [replace(one, step=None if one.step is None else entries.get(one.step)) for one in failed]


def last_failures(admin: Admin, invocation_ids: Collection[str]) -> dict[str, str]:
    """Return what runs failed with last, as their events tell it: of a long one the beginning.

    Of a run that somebody has paused since it failed, it is empty.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    if not (known := sql.ids(invocation_ids)):
        return {}
    last = beginning_of("last_value(event_json ORDER BY appended_at)")
    rows = admin.query(
        f"SELECT id, {last} AS event FROM sys_journal_events "
        f"WHERE event_type IN ('TransientError', 'Paused') AND id IN ({known}) GROUP BY id"
    )
    return {row["id"]: _message(row["event"]) for row in rows}


def _entries_of_commands(admin: Admin, invocation_id: str, commands: Collection[int]) -> dict[int, int]:
    """Return where in the journal commands stand, by their numbers: events count commands alone."""
    if not commands:
        return {}
    numbered = (
        "SELECT index, ROW_NUMBER() OVER (ORDER BY index) - 1 AS command FROM sys_journal "
        f"WHERE id = '{checked(invocation_id)}' AND entry_type LIKE 'Command: %'"
    )
    wanted = ", ".join(f"{command:d}" for command in sorted(commands))
    rows = admin.query(f"SELECT index, command FROM ({numbered}) WHERE command IN ({wanted})")
    return {row["command"]: row["index"] for row in rows}


def _failed(row: Mapping[str, Any]) -> FailedAttempt:
    at = datetime.fromisoformat(row["appended_at"])
    if row["size"] > _WHOLE:
        return _failed_at_length(at, row)
    event = json.loads(row["event"])
    event = event.get("last_failure", event)
    return FailedAttempt(
        at=at,
        message=str(event.get("error_message") or ""),
        code=event.get("error_code"),
        stack=str(event.get("error_stacktrace") or ""),
        step=event.get("related_command_index"),
        step_name=str(event.get("related_command_name") or ""),
        step_kind=str(event.get("related_command_type") or ""),
    )


def _failed_at_length(at: datetime, row: Mapping[str, Any]) -> FailedAttempt:
    code, command = _CODE.search(row["event"]), _COMMAND.search(row["event_end"])
    index, name, kind = command.groups() if command else (None, None, None)
    return FailedAttempt(
        at=at,
        message=_message(row["event"]),
        code=int(code[1]) if code else None,
        left_out=row["size"] - _WHOLE,
        step=int(index) if index else None,
        step_name=_unescaped(name or ""),
        step_kind=kind or "",
    )


def _message(event: str) -> str:
    """Return the message in an event, which may be cut off, with an ellipsis where it is."""
    found = _MESSAGE.search(event)
    if found is None:
        return ""
    return _unescaped(found[1]) + ("" if event[found.end() :].startswith('"') else "…")


def _unescaped(inside: str) -> str:
    """Return what stands between the quotes of a JSON string, without an escape that is cut off at its end."""
    return str(json.loads(f'"{_HALF_ESCAPE.sub("", inside)}"'))
