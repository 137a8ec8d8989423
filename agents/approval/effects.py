"""What a tool did, and how it is taken back."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue

from agents.approval.callers import Caller
from agents.approval.errors import NotGateable
from agents.approval.schema import ToolArguments, positional_only

#: The parameter by which a function that undoes gets what the tool returned.
RESULT: Final = "result"


@dataclass
class Effect:
    """What a tool did, or may have done.

    Attributes:
        tool: its name.
        undo: takes it back, given what the tool returned.
        result: what it returned; None as long as it has not.
    """

    tool: str
    undo: Callable[[JsonValue], Any]
    result: JsonValue = None


@dataclass(frozen=True)
class Undo:
    """A function that takes a tool's effect back.

    It takes those of the tool's arguments that it names, the tool's context (with the same ``function_call_id``, and so
    the same idempotency key), and ``result``: what the tool returned, or None when it never did.
    """

    tool: str
    function: Callable[..., Any]
    arguments: ToolArguments

    def check(self) -> None:
        """Refuse at import what would go wrong when it is needed.

        Raises:
            NotGateable: it takes what the tool doesn't have, or takes it by its place.
        """
        if nameless := positional_only(inspect.signature(self.function)):
            raise NotGateable(
                f"{self.tool}: undo: it is called by its arguments' names; drop the '/' behind {nameless!r}"
            )
        if RESULT in self.arguments.types and RESULT in self._parameters():
            raise NotGateable(f"{self.tool}: undo: {RESULT!r} would be both an argument and what the tool returned")
        known = {*self.arguments.types, self.arguments.context_parameter, "tool_context", RESULT}
        if unknown := [name for name in self._parameters() if name not in known]:
            raise NotGateable(f"{self.tool}: undo: it takes {unknown[0]!r}, which is not an argument of the tool")

    def effect(self, typed: dict[str, Any], caller: Caller) -> Effect:
        """Return the effect of a call with these arguments."""
        known = typed | {self.arguments.context_parameter or "tool_context": caller, "tool_context": caller}
        given = {name: value for name, value in known.items() if name in self._parameters()}
        return Effect(self.tool, functools.partial(self._call, given))

    @property
    def takes_context(self) -> bool:
        """Whether the function takes the tool's context."""
        return not {self.arguments.context_parameter, "tool_context"}.isdisjoint(self._parameters())

    def _call(self, given: dict[str, Any], result: JsonValue) -> Any:
        return self.function(**given, **({RESULT: result} if RESULT in self._parameters() else {}))

    def _parameters(self) -> list[str]:
        return [*inspect.signature(self.function).parameters]
