"""From which steps a run can begin anew, and what would run again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from restate_bridge.introspection import JournalEntry

#: The commands that do something which is there once more when they run again. What only reads or waits is none.
EFFECTS: Final = (
    "Run",
    "Call",
    "OneWayCall",
    "CompleteAwakeable",
    "SendSignal",
    "SetState",
    "ClearState",
    "ClearAllState",
    "CompletePromise",
)
#: As many restarts of one run as are looked at.
MOST_RESTARTS: Final = 1_000
_COMMAND: Final = "Command: "


@dataclass(frozen=True, slots=True)
class Effect:
    """Something in a journal that is done once more when it runs again.

    Attributes:
        command: one of `EFFECTS`.
        name: of the step, the run that is called, the state or the promise; empty where the journal does not tell.
    """

    command: str
    name: str


@dataclass(frozen=True, slots=True)
class RestartPoint:
    """A place up to which a journal can be kept.

    Attributes:
        entry: the last entry that is kept; 0 keeps the input alone.
        kept: the name of that step; empty for the input, and for a step without one.
        effects: those of the whole journal, in their order; all points of it share them.
        number_kept: how many of these are kept.
    """

    entry: int
    kept: str
    effects: Sequence[Effect]
    number_kept: int

    @property
    def again(self) -> Sequence[Effect]:
        """What stands behind it, and so is done again."""
        return self.effects[self.number_kept :]

    @property
    def number_again(self) -> int:
        """How many effects that is."""
        return len(self.effects) - self.number_kept


def restart_points(journal: Sequence[JournalEntry]) -> list[RestartPoint]:
    """Return the places from which the engine can restart a run: those before which no command is left open.

    Args:
        journal: of a run that has ended, oldest first.
    """
    return list(_places(journal, [_effect(entry) for entry in journal]))


def _places(journal: Sequence[JournalEntry], found: Sequence[Effect | None]) -> Iterator[RestartPoint]:
    completed = {entry.body.get("completion_id") for entry in journal if entry.kind.startswith("Notification: ")}
    effects, passed = [effect for effect in found if effect], 0
    for entry, effect in zip(journal, found, strict=True):
        passed += effect is not None
        if not entry.kind.startswith(_COMMAND) or entry.kind == "Command: Output":
            continue
        if not set(_completions_of(entry.body)) <= completed:
            return
        yield RestartPoint(entry.index, entry.name, effects, passed)


def _effect(entry: JournalEntry) -> Effect | None:
    command = entry.kind.removeprefix(_COMMAND)
    if not entry.kind.startswith(_COMMAND) or command not in EFFECTS:
        return None
    return Effect(command, entry.name or _target_of(entry.body) or str(entry.body.get("key") or ""))


def _target_of(body: dict[str, Any]) -> str:
    """Return which run a call begins; its outline tells that itself, the whole entry in what it asks for."""
    asked = body.get("request")
    target = (asked if isinstance(asked, dict) else body).get("invocation_target")
    if not isinstance(target, dict):
        return ""
    inside = next((value for value in target.values() if isinstance(value, dict)), target)
    return "/".join(str(inside[part]) for part in ("name", "key", "handler") if inside.get(part))


def _completions_of(body: dict[str, Any]) -> Iterator[int]:
    """Return the ids of the completions that a command waits for: one, or two for a call."""
    yield from (value for key, value in body.items() if key.endswith("completion_id") and isinstance(value, int))
