"""Changing what a session keeps."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User

from approvals.engine import admin, state_keeper
from operations.digests import digest
from operations.errors import ChangedMeanwhile, InvalidInput, NotAllowed, TooLarge, Unheard
from operations.rules.roles import Permission
from operations.rules.sessions import session_name
from operations.rules.state import MOST_SENT, TYPED, StateOutcome, StateVerb, after, is_too_large
from operations.selectors.session_state import StateNow, state_now
from operations.services.recording import About, recorded
from restate_bridge.contract import is_sealed, sealed
from restate_bridge.errors import BridgeError
from restate_bridge.session_state import has_the_key, state_names, state_values, state_version

# A change is carried out in a moment where nothing has the session: so long the page waits to be able to say so.
_CARRIED_OUT_WITHIN: Final = 2.0
_LOOK_EVERY: Final = 0.1


@dataclass(frozen=True, slots=True)
class StateChange:
    """What is to become of a session's state, and why.

    Attributes:
        seen: what was shown, as `StateNow.seen` tells it.
        name: of the value; nothing for the whole.
        value: what it is to be.
        typed: the name of the service, where `TYPED` asks for it.
    """

    verb: StateVerb
    reason: str
    seen: str
    name: str | None = None
    value: bytes = b""
    typed: str = ""


def change_state(*, operator: User, service: str, key: str, change: StateChange) -> StateOutcome:
    """Change what a session keeps, and return what came of it. The record has sizes and digests, and no value.

    Raises:
        NotAllowed, InvalidInput, ChangedMeanwhile, TooLarge: nothing was done, and nothing recorded.
        Refused: the engine refused it.
        Unheard: the engine gave no answer.
    """
    before = _guarded(operator, service, key, change)
    # A session that is sealed stays so; of one that is not, its agents may have no key.
    is_its = any(is_sealed(value) for value in before.values.values())
    wanted = after(before.values, change.verb, change.name, sealed(change.value) if is_its else change.value)
    about = About(session_name(service, key))
    if is_too_large(wanted):
        raise TooLarge(about.subject)
    asked = {"before": _described(before.values, wanted), "after": _described(wanted, before.values)}
    with recorded(operator, f"session.{change.verb}", about, reason=change.reason, data=asked) as action:
        # The engine looks at the version once more when the change's turn has come, which may be days from now.
        status = state_keeper().replace(service, key, wanted, version=before.version)
        outcome = _read_back(service, key, before, state_version(wanted))
        action.answered({"status": status, "outcome": outcome or "unknown"})
    return outcome or StateOutcome.WAITS


def _guarded(operator: User, service: str, key: str, change: StateChange) -> StateNow:
    """Return the state as it is, if it may be changed and is what was shown."""
    if not operator.has_perm(Permission.EDIT_STATE):
        raise NotAllowed(Permission.EDIT_STATE)
    if not change.reason.strip():
        raise InvalidInput("reason")
    if change.verb in TYPED and change.typed.strip() != service:
        raise InvalidInput("typed")
    try:
        now = state_now(admin(), service, key)
    except BridgeError as error:
        raise Unheard(str(error)) from error
    if not change.seen or change.seen != now.seen(change.name):
        raise ChangedMeanwhile(session_name(service, key))
    return now


def _described(values: Mapping[str, bytes], other: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what is different from the other, by size and digest: values are private, and the record is not."""
    different = {name: value for name, value in values.items() if other.get(name) != value}
    return {name: {"size": len(value), "digest": digest(value)} for name, value in sorted(different.items())}


def _read_back(service: str, key: str, before: StateNow, wanted: str) -> StateOutcome | None:
    """Return what became of a change; None when the engine can't be asked any more."""
    until = time.monotonic() + _CARRIED_OUT_WITHIN
    while True:
        try:
            version = _version_now(service, key, before)
            is_held = bool(has_the_key(admin(), service, key))
        except BridgeError:
            return None  # it was taken all the same: the answer said so
        if version == wanted:
            return StateOutcome.DONE
        if version != before.version:
            return StateOutcome.OVERTAKEN
        if is_held or time.monotonic() > until:
            return StateOutcome.WAITS
        time.sleep(_LOOK_EVERY)


def _version_now(service: str, key: str, before: StateNow) -> str:
    """Return the version of the state; empty for one that is neither what it was nor what it should be."""
    names = state_names(admin(), service, key, at_most=len(before.values) + 100)
    if sum(value.size for value in names) > MOST_SENT:
        # More than a change leaves behind. Where all has the size that it had it is taken to be what it was, and not
        # read again and again.
        sizes = {value.name: value.size for value in names}
        return before.version if sizes == {name: len(value) for name, value in before.values.items()} else ""
    return state_version(state_values(admin(), service, key, [value.name for value in names]))
