"""What the author of a tool lays down: who is asked, how, and when at all."""

import inspect
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel

from agents.approval.errors import NotGateable
from agents.approval.escalation import Escalation, stages
from agents.approval.files import Attached
from agents.approval.paths import path_exists
from agents.approval.schema import ToolArguments, positional_only
from restate_bridge.contract import MAX_REJECT_REASONS, Risk

MAX_TITLE_CHARACTERS: Final = 300
MAX_REASON_CHARACTERS: Final = 200


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The arguments of `requires_approval`, checked; see there."""

    title: str
    risk: Risk | str | Callable[..., Risk | str]
    groups: Sequence[str] | Callable[..., Sequence[str]]
    quorum: int | Callable[..., int]
    deadline: timedelta | Callable[..., timedelta | None] | None
    escalations: Sequence[Escalation] | Callable[..., Sequence[Escalation]]
    editable: tuple[str, ...]
    reject_reasons: Sequence[str]
    files: Sequence[str] | Callable[..., Sequence[Attached]]
    when: Callable[..., bool] | None
    or_undo: bool

    def check(self, tool: str, arguments: ToolArguments) -> None:
        """Refuse at import what would go wrong at the first call.

        Raises:
            NotGateable: with the tool's name and what to change.
        """
        try:
            _check_title(self.title, arguments.types)
            _check_values(self)
        except ValueError as error:
            raise NotGateable(f"{tool}: {error}") from error
        if missing := [path for path in self.editable if not path_exists(arguments.json_schema, path)]:
            raise NotGateable(f"{tool}: editable: {missing[0]!r} is not in the tool's arguments")
        for name in ("risk", "groups", "quorum", "deadline", "escalations", "files", "when"):
            _check_function(tool, name, getattr(self, name), arguments)

    def needs_approval(self, typed: Mapping[str, Any]) -> bool:
        """Return whether this call has to be asked for."""
        return self.when is None or bool(value_of(self.when, typed))

    def title_for(self, typed: Mapping[str, Any]) -> str:
        """Return the one line that says what will happen."""
        return one_line(string.Formatter().vformat(self.title, (), typed))


def one_line(text: str) -> str:
    """Return ``text`` on one line, cut with a visible mark to what a title may hold."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_TITLE_CHARACTERS else line[: MAX_TITLE_CHARACTERS - 1] + "…"


def value_of(setting: Any, typed: Mapping[str, Any]) -> Any:
    """Return a setting, or what its function makes of the arguments that it names."""
    if not callable(setting):
        return setting
    return setting(**{name: typed[name] for name in inspect.signature(setting).parameters if name in typed})


def _check_title(title: str, types: Mapping[str, Any]) -> None:
    if not title.strip():
        raise ValueError("title: it is empty")
    for _, field, _, _ in string.Formatter().parse(title):
        if field is None:
            continue
        root, *attributes = field.replace("[", ".").split(".")
        if root not in types:
            raise ValueError(f"title: {root!r} is not an argument of the tool")
        kind = types[root]
        known = attributes and isinstance(kind, type) and issubclass(kind, BaseModel)
        if known and attributes[0] not in kind.model_fields and not hasattr(kind, attributes[0]):
            raise ValueError(f"title: {kind.__name__} has no {attributes[0]!r}")


def _check_values(policy: Policy) -> None:
    if not callable(policy.risk):
        try:
            Risk(policy.risk)
        except ValueError:
            raise ValueError(f"risk: {policy.risk!r} is none of {', '.join(Risk)}") from None
    if isinstance(policy.groups, str):
        raise ValueError(f"groups: give a tuple of names, such as ({policy.groups!r},)")
    if isinstance(policy.files, str):
        raise ValueError(f"files: give a tuple of names, such as ({policy.files!r},)")
    if isinstance(policy.quorum, int) and not 1 <= policy.quorum <= 20:
        raise ValueError(f"quorum: {policy.quorum} is not between 1 and 20")
    if isinstance(policy.deadline, timedelta) and policy.deadline < timedelta(seconds=1):
        raise ValueError("deadline: it is shorter than a second")
    if not callable(policy.escalations):
        stages(policy.escalations, None if callable(policy.deadline) else policy.deadline)
    _check_reject_reasons(policy.reject_reasons)


def _check_reject_reasons(reasons: Sequence[str]) -> None:
    if isinstance(reasons, str):
        raise ValueError(f"reject_reasons: give a tuple of sentences, such as ({reasons!r},)")
    if len(reasons) > MAX_REJECT_REASONS or len(set(reasons)) != len(reasons):
        raise ValueError(f"reject_reasons: give at most {MAX_REJECT_REASONS} that differ")
    if bad := [reason for reason in reasons if not reason.strip() or len(reason) > MAX_REASON_CHARACTERS]:
        raise ValueError(f"reject_reasons: {bad[0]!r} is empty or longer than {MAX_REASON_CHARACTERS} characters")


def _check_function(tool: str, name: str, setting: Any, arguments: ToolArguments) -> None:
    if not callable(setting):
        return
    signature = inspect.signature(setting)
    if nameless := positional_only(signature):
        raise NotGateable(f"{tool}: {name}: it is called by its arguments' names; drop the '/' behind {nameless!r}")
    needed = [p.name for p in signature.parameters.values() if p.default is inspect.Parameter.empty]
    if unknown := [parameter for parameter in needed if parameter not in arguments.types]:
        raise NotGateable(f"{tool}: {name}: its function takes {unknown[0]!r}, which is not an argument of the tool")
