"""The operators' record: a line before the engine is called, and one or two behind it; one when somebody looks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.utils import timezone

from approvals.services.recording import by_user
from operations.errors import Refused, Unheard
from operations.models import OperatorEvent
from restate_bridge.errors import BridgeError, EngineRefused


@dataclass(frozen=True, slots=True)
class About:
    """What a line of the record is about.

    Attributes:
        subject: its name, such as ``Claims/a-session`` or the id of a deployment.
        invocation_id: of the run, where it is about one.
    """

    subject: str
    invocation_id: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that an operator does, recorded as asked for."""

    id: UUID
    operator: User
    what: str
    about: About

    def answered(self, data: Mapping[str, Any]) -> None:
        """Record what came of it."""
        _note(self, "answered", data)

    def came_to(self, state: str) -> None:
        """Record what it is about has come to, as it was read back later."""
        _note(self, "read", {"state": state})


@contextmanager
def recorded(
    operator: User, what: str, about: About, *, reason: str, data: Mapping[str, Any] | None = None
) -> Iterator[Action]:
    """Record that somebody is about to do ``what``, such as ``run.kill``; whoever does it records what came of it.

    Raises:
        Refused: the engine refused it, and the record says so.
        Unheard: no answer came, and the record says so; the engine may have heard all the same.
    """
    action = Action(uuid4(), operator, what, about)
    _note(action, "asked", data or {}, reason)
    try:
        yield action
    except EngineRefused as refusal:
        action.answered({"status": refusal.status, "text": refusal.said})
        raise Refused(refusal.said) from refusal
    except BridgeError as error:
        _note(action, "unheard", {"why": str(error)})
        raise Unheard(str(error)) from error


def note_looked(operator: User, what: str, about: About, *, data: Mapping[str, Any] | None = None) -> None:
    """Record that somebody looked at something private, such as ``run.payload``."""
    _note(Action(uuid4(), operator, what, about), "looked", data or {})


def _note(action: Action, line: str, data: Mapping[str, Any], reason: str = "") -> None:
    OperatorEvent.objects.create(
        action=action.id,
        at=timezone.now(),
        actor=by_user(action.operator),
        code=f"{action.what}.{line}",
        invocation_id=action.about.invocation_id,
        subject=action.about.subject,
        reason=reason,
        data=dict(data),
    )
