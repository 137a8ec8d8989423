"""A tool's arguments: typed for the tool, plain JSON for the wire, and the JSON schema between them."""

import inspect
import typing
from collections.abc import Callable
from typing import Any, Final

from google.adk.tools.tool_context import ToolContext
from pydantic import JsonValue, TypeAdapter
from pydantic_core import PydanticSerializationError

from agents.approval.errors import NotGateable
from agents.approval.kinds import adapter_of, default_of
from restate_bridge.contract import UnserialisableArguments, canonical_json
from restate_bridge.contract.announcement import MAX_ARGUMENTS_BYTES

_VARIADIC: Final = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}


class ToolArguments:
    """The arguments of one tool function, the context that ADK injects left out.

    Attributes:
        context_parameter: the name of the parameter that takes ADK's tool context, or None.
        types: the parameters' types by name.
        json_schema: JSON schema of the arguments, an object schema.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        """Read the function's signature.

        Raises:
            NotGateable: a parameter has no name, no type, or a type or default that JSON can't carry there and back.
        """
        tool = function.__name__
        signature = inspect.signature(function)
        if any(parameter.kind in _VARIADIC for parameter in signature.parameters.values()):
            raise NotGateable(f"{tool}: *args and **kwargs have no schema; name each argument")
        if nameless := positional_only(signature):
            raise NotGateable(f"{tool}: ADK calls a tool by its arguments' names; drop the '/' behind {nameless!r}")
        hints = _type_hints(function)
        self.context_parameter = _context_parameter(signature, hints)
        self._parameters = {n: p for n, p in signature.parameters.items() if n != self.context_parameter}
        if untyped := [name for name in self._parameters if name not in hints]:
            raise NotGateable(f"{tool}: the argument {untyped[0]!r} has no type")
        self.types: dict[str, Any] = {name: hints[name] for name in self._parameters}
        # Many write ``note: str = None``, and ADK takes it for what it means.
        kinds = {n: hints[n] | None if p.default is None else hints[n] for n, p in self._parameters.items()}
        self._adapters = {name: adapter_of(tool, name, kind) for name, kind in kinds.items()}
        self.json_schema = self._object_schema(tool)

    def typed(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments as the tool's types, with the defaults of those not given.

        Raises:
            ValidationError: the model gave something else.
        """
        defaults = {n: p.default for n, p in self._parameters.items() if p.default is not inspect.Parameter.empty}
        values = {name: given[name] for name in self._parameters if name in given}
        return defaults | {name: self._adapters[name].validate_python(value) for name, value in values.items()}

    def plain(self, typed: dict[str, Any]) -> dict[str, JsonValue]:
        """Return the arguments as plain JSON, as reviewers see them.

        Raises:
            UnserialisableArguments: a value is none that JSON carries exactly, or there is too much of it.
        """
        try:
            plain = {name: self._dumped(name, value) for name, value in typed.items()}
        except (PydanticSerializationError, UnicodeError) as error:
            raise UnserialisableArguments(str(error)) from error
        if (size := len(canonical_json(plain))) > MAX_ARGUMENTS_BYTES:
            raise UnserialisableArguments(f"{size} bytes, at most {MAX_ARGUMENTS_BYTES} can be asked for")
        return plain

    def with_context(self, typed: dict[str, Any], context: Any) -> dict[str, Any]:
        """Return what to call the function with: the arguments, and ADK's context if it takes it."""
        return typed | ({self.context_parameter: context} if self.context_parameter else {})

    def load(self, plain: dict[str, JsonValue]) -> dict[str, Any]:
        """Return what a decision's arguments mean, as the tool's types.

        Raises:
            ValidationError: a value is not what the tool takes.
            ValueError: an argument is unknown or missing.
        """
        if unknown := sorted(plain.keys() ^ self._parameters.keys()):
            raise ValueError(f"unknown or missing argument: {', '.join(unknown)}")
        # As JSON, not as Python values: a strict model takes a date as text from JSON only.
        return {name: self._adapters[name].validate_json(canonical_json(value)) for name, value in plain.items()}

    def check_comes_back(self, typed: dict[str, Any], plain: dict[str, JsonValue]) -> None:
        """Look whether the tool would get what people are shown.

        Raises:
            UnserialisableArguments: it would get something else, such as where a model reads a field by another name
                than it writes it.
        """
        try:
            back = self.load(plain)
        except ValueError as error:
            raise UnserialisableArguments(f"what people would approve could not be read again: {error}") from error
        for name, value in back.items():
            # A type of one's own may not know when two are equal.
            if value != typed[name] and self._dumped(name, value) != plain[name]:
                raise UnserialisableArguments(f"{name!r} would reach the tool as something else than people approve")

    def _dumped(self, name: str, value: Any) -> JsonValue:
        dumped: JsonValue = self._adapters[name].dump_python(value, mode="json", by_alias=True)
        return dumped

    def _object_schema(self, tool: str) -> dict[str, JsonValue]:
        named, shared = TypeAdapter.json_schemas([(n, "validation", a) for n, a in self._adapters.items()])
        properties: dict[str, Any] = {name: dict(named[name, "validation"]) for name in self._adapters}
        for name, parameter in self._parameters.items():
            if parameter.default is not inspect.Parameter.empty:
                properties[name]["default"] = default_of(tool, name, self._adapters[name], parameter.default)
        required = [n for n, p in self._parameters.items() if p.default is inspect.Parameter.empty]
        return {
            "type": "object",
            "title": tool,
            "properties": properties,
            "required": typing.cast(JsonValue, required),
            "additionalProperties": False,
            **({"$defs": shared["$defs"]} if "$defs" in shared else {}),
        }


def positional_only(signature: inspect.Signature) -> str | None:
    """Return the last of the parameters that can't be given by name, if there is one."""
    nameless = [name for name, p in signature.parameters.items() if p.kind is inspect.Parameter.POSITIONAL_ONLY]
    return nameless[-1] if nameless else None


def _type_hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise NotGateable(f"{function.__name__}: a type is not known at run time: {error}") from error


def _context_parameter(signature: inspect.Signature, hints: dict[str, Any]) -> str | None:
    """Find it as ADK does: by its type, else by the name ``tool_context``."""
    for name in signature.parameters:
        if hints.get(name) is ToolContext or ToolContext in typing.get_args(hints.get(name)):
            return name
    return "tool_context" if "tool_context" in signature.parameters else None
