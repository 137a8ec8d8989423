"""What kind of answer a question wants: words, or a form that is made of a pydantic model."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import restate
from pydantic import AliasPath, BaseModel, JsonValue, PydanticInvalidForJsonSchema, PydanticUserError, ValidationError
from pydantic_core import PydanticSerializationError, to_jsonable_python

from agents.approval.errors import RequestRefused, in_words
from restate_bridge.contract import ANSWER, DecisionClaims, Question, canonical_json

_TEXT: Final[dict[str, JsonValue]] = {"type": "string", "title": "Question"}
_CHOICES: Final[dict[str, JsonValue]] = {"type": "array", "items": {"type": "string"}, "title": "Choices"}


class Misfit(Exception):
    """A form was filled in with what the model refuses; the message says why, for people."""


class Wanted[T](Protocol):
    """A kind of answer."""

    @property
    def schema(self) -> dict[str, JsonValue]:
        """JSON schema of the request's arguments, and of the answer where it is a form."""

    @property
    def editable(self) -> list[str]:
        """What people fill in."""

    def arguments(self, question: Question) -> dict[str, JsonValue]:
        """Return the request's arguments, to which the decision is bound."""

    def read(self, claims: DecisionClaims) -> tuple[T, str]:
        """Return what was answered, typed and as text.

        Raises:
            Misfit: it is none of the kind.
            TerminalError: the model fails in another way than by refusing.
        """

    def again(self, claims: DecisionClaims) -> "Wanted[T]":
        """Return the same kind, which begins with what was answered."""

    @property
    def is_checked(self) -> bool:
        """Whether an answer may be none of the kind, which is journaled then: a model may look at the clock."""


@dataclass(frozen=True)
class Words:
    """Free text, or one of the question's choices."""

    editable: list[str] = field(default_factory=list)
    is_checked: bool = False

    @property
    def schema(self) -> dict[str, JsonValue]:
        """See `Wanted`."""
        return _object({"question": _TEXT, "choices": _CHOICES})

    def arguments(self, question: Question) -> dict[str, JsonValue]:
        """See `Wanted`."""
        return {"question": question.text, "choices": [*question.choices]}

    def read(self, claims: DecisionClaims) -> tuple[str, str]:
        """See `Wanted`."""
        return claims.answer or "", claims.answer or ""

    def again(self, claims: DecisionClaims) -> "Words":
        """See `Wanted`."""
        return self


@dataclass(frozen=True)
class Filled[T: BaseModel]:
    """A form made of ``model``; ``begins_with`` holds what its fields hold at first, besides the model's defaults."""

    model: type[T]
    begins_with: Mapping[str, Any] = field(default_factory=dict)
    editable: list[str] = field(default_factory=lambda: [ANSWER])
    is_checked: bool = True

    @property
    def schema(self) -> dict[str, JsonValue]:
        """See `Wanted`.

        Raises:
            RequestRefused: the model can't be a form, or a field to begin with is none of it.
        """
        of_answer = self._of_answer()
        shared = {"$defs": of_answer.pop("$defs")} if "$defs" in of_answer else {}
        return _object({"question": _TEXT, ANSWER: of_answer}) | shared

    def arguments(self, question: Question) -> dict[str, JsonValue]:
        """See `Wanted`."""
        return {"question": question.text}

    def read(self, claims: DecisionClaims) -> tuple[T, str]:
        """See `Wanted`."""
        answer = (claims.arguments or {}).get(ANSWER)
        text = canonical_json(answer).decode()
        try:
            # As JSON, not as Python values: a strict model takes a date as text from JSON only.
            return self.model.model_validate_json(text), text
        except ValidationError as error:
            raise Misfit(in_words(error)) from error
        except Exception as error:
            raise restate.TerminalError(f"{self.model.__name__} can't read an answer: {error!r}") from error

    def again(self, claims: DecisionClaims) -> "Filled[T]":
        """See `Wanted`."""
        return replace(self, begins_with=self._known((claims.arguments or {}).get(ANSWER)))

    def _known(self, answer: JsonValue) -> dict[str, JsonValue]:
        properties = self.model.model_json_schema()["properties"]
        return {name: value for name, value in answer.items() if name in properties} if isinstance(answer, dict) else {}

    def _of_answer(self) -> dict[str, Any]:
        name = self.model.__name__
        try:
            schema = copy.deepcopy(self.model.model_json_schema())
            held = to_jsonable_python(dict(self.begins_with))
        except (PydanticUserError, PydanticInvalidForJsonSchema, PydanticSerializationError) as error:
            raise RequestRefused(f"{name} can't be a form: {error}", status_code=422) from error
        if schema.get("type") != "object" or not schema.get("properties"):
            raise RequestRefused(f"{name} can't be a form: it has no fields of its own", status_code=422)
        if any(isinstance(one.validation_alias, AliasPath) for one in self.model.model_fields.values()):
            raise RequestRefused(f"{name} can't be a form: a field is read from inside another", status_code=422)
        if unknown := sorted(held.keys() - schema["properties"].keys()):
            raise RequestRefused(f"{name} has no field {unknown[0]!r} to begin with", status_code=422)
        for field_name, value in held.items():
            schema["properties"][field_name] |= {"default": value}
        begun = {name: part["default"] for name, part in schema["properties"].items() if "default" in part}
        # Said of the whole as well, for a form that is too large or too free to be drawn field by field.
        return schema | ({"default": begun} if begun else {})


def _object(properties: dict[str, Any]) -> dict[str, JsonValue]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }
