"""What a wait that nobody announced is resolved with, as a person says it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from pydantic import JsonValue

from approvals.errors import InvalidInput
from approvals.models import Decision
from approvals.presentation.choices import Words
from approvals.rules.json_value import NotJson, read_json
from approvals.rules.wording import worded
from restate_bridge.contract import Outcome


class AnswerAs(StrEnum):
    """What the answer is; only the last two are written out."""

    TRUE = "true"
    FALSE = "false"
    TEXT = "text"
    JSON = "json"


WORDS: Final[Mapping[AnswerAs, Words]] = {
    AnswerAs.TRUE: _("Yes: the value true"),
    AnswerAs.FALSE: _("No: the value false"),
    AnswerAs.TEXT: _("The text below"),
    AnswerAs.JSON: _("The JSON value below"),
}


@dataclass(frozen=True, slots=True)
class ValueFields:
    """The fields as a page shows them: what is chosen, and what is written."""

    chosen: str = ""
    written: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any] | None, draft: Decision | None = None) -> "ValueFields":
        """Return them with what was posted, or with a decision that was taken back."""
        if data is not None:
            return cls(data.get("answer_as", ""), data.get("value", ""))
        if draft is not None and draft.outcome == Outcome.APPROVED:
            return _again(draft.value)
        return cls()

    @property
    def choices(self) -> list[tuple[str, Words]]:
        """What there is to choose from."""
        return list(WORDS.items())


def value_in(data: Mapping[str, Any]) -> JsonValue:
    """Return the value that was posted.

    Raises:
        InvalidInput: nothing is chosen, or what is written is not what was chosen.
    """
    written = data.get("value", "").replace("\r\n", "\n")
    match data.get("answer_as"):
        case AnswerAs.TRUE:
            return True
        case AnswerAs.FALSE:
            return False
        case AnswerAs.TEXT if written.strip():
            return str(written)
        case AnswerAs.TEXT:
            raise InvalidInput("value", worded("write the text that it is resolved with"))
        case AnswerAs.JSON:
            return _json(written)
    raise InvalidInput("answer_as", worded("choose what it is resolved with"))


def _json(written: str) -> JsonValue:
    try:
        return read_json(written)
    except NotJson as error:
        raise InvalidInput("value", error.wording, *error.values) from error


def _again(value: JsonValue) -> ValueFields:
    match value:
        case True:
            return ValueFields(AnswerAs.TRUE)
        case False:
            return ValueFields(AnswerAs.FALSE)
        case str():
            return ValueFields(AnswerAs.TEXT, value)
    return ValueFields(AnswerAs.JSON, json.dumps(value, indent=2, ensure_ascii=False))
