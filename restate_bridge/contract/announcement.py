"""How an agent announces that it waits for a person (``PUT /api/requests/{awakeable_id}``)."""

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, Field, JsonValue, StringConstraints, field_validator, model_validator

from restate_bridge.contract.digest import UnserialisableArguments, canonical_json, digest_of
from restate_bridge.contract.files import MAX_FILES, FileReference
from restate_bridge.contract.wire import AwakeableId, Name, RunReference, Wire

MAX_ARGUMENTS_BYTES: Final = 256 * 1024
MAX_CONTEXT_ENTRIES: Final = 200
MAX_ENTRY_CHARACTERS: Final = 20_000
MAX_ESCALATIONS: Final = 10
MAX_REJECT_REASONS: Final = 10
#: The argument that people fill in when a question is answered by a form.
ANSWER: Final = "answer"

_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_PATH = re.compile(r"[^.\s]+(\.[^.\s]+)*")


RejectReason = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]


class Kind(StrEnum):
    """What is asked for: leave to run a tool, or an answer."""

    APPROVAL = "approval"
    QUESTION = "question"


class Risk(StrEnum):
    """How much harm a wrong approval can do."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ContextEntry(Wire):
    """One line of what was said and done before the request.

    Attributes:
        author: the user's or the agent's name.
        kind: ``message``, ``tool_call`` or ``tool_result``.
        text: the words, for a message.
        tool: the tool's name, for a call or a result.
        data: arguments or result.
        at: when, if known.
    """

    author: Annotated[str, StringConstraints(max_length=200)]
    kind: Literal["message", "tool_call", "tool_result"]
    text: Annotated[str, StringConstraints(max_length=MAX_ENTRY_CHARACTERS)] = ""
    tool: Annotated[str, StringConstraints(max_length=200)] = ""
    data: JsonValue = None
    at: Annotated[AwareDatetime, Field(ge=_EARLIEST)] | None = None

    @model_validator(mode="after")
    def _is_json(self) -> Self:
        try:
            json.dumps(self.data, allow_nan=False, ensure_ascii=False).encode()
        except ValueError as error:
            raise ValueError(f"data: {error}") from error
        return self


class Question(Wire):
    """A question to a person.

    Attributes:
        text: the question.
        choices: what may be answered; empty means free text.
    """

    text: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    choices: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=300)]], Field(max_length=30)] = []

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        if len(set(self.choices)) != len(self.choices):
            raise ValueError("two choices are the same")
        return self


class Escalation(Wire):
    """What happens when nobody has decided for a while; several make stages on the way to the deadline.

    Attributes:
        after_seconds: how long after the announcement.
        groups: who may decide from then on, besides those who may already.
        remind: groups whose members are reminded; empty means everybody who may decide.
    """

    after_seconds: Annotated[int, Field(ge=1, le=366 * 86_400)]
    groups: Annotated[list[Name], Field(max_length=20)] = []
    remind: Annotated[list[Name], Field(max_length=20)] = []


class Announcement(Wire):
    """A request for a person, as an agent announces it (``PUT /api/requests/{awakeable_id}``).

    Attributes:
        kind: approval or question.
        title: one line, what will happen.
        agent: the agent's name.
        tool: the tool that will run, or that asks.
        arguments: what it will run with.
        arguments_schema: JSON schema of ``arguments`` (an object schema; ``$defs`` allowed).
        editable: dotted paths into ``arguments`` that a reviewer may change; of a question, `ANSWER` alone, which its
            arguments do not hold yet: it is answered by a form, made of what their schema says of that.
        reject_reasons: why this tool is usually rejected, for the reviewer to choose from; an approval's alone.
        digest: `digest_of` tool and arguments, as the agent computed it.
        risk: low, medium or high.
        groups: who may see and decide; empty means the inbox's default group.
        quorum: how many different people must approve.
        deadline_seconds: after how long without a decision it expires; None waits for ever.
        escalations: what happens before that, in the order of their times.
        requester: on whose behalf the run was started; that person can't approve it.
        reason: the agent's own words, why.
        question: for a question.
        run: which run asks.
        context: the conversation so far, oldest first.
        context_left_out: how many older entries are not in ``context``.
        supersedes: the awakeable id of an earlier announcement that this one replaces, if any.
        sealed: whether the agent opens what is sealed with a journal key.
        files: what goes along for people to look at; each was sent before.
        together: what the requests share that one call of a tool makes at the same time; empty for one alone.
    """

    kind: Kind
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    agent: Name
    tool: Name
    arguments: dict[str, JsonValue]
    arguments_schema: dict[str, JsonValue] = {}
    editable: Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Field(max_length=100)] = []
    reject_reasons: Annotated[list[RejectReason], Field(max_length=MAX_REJECT_REASONS)] = []
    digest: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    risk: Risk = Risk.MEDIUM
    groups: Annotated[list[Name], Field(max_length=20)] = []
    quorum: Annotated[int, Field(ge=1, le=20)] = 1
    deadline_seconds: Annotated[int, Field(ge=1, le=366 * 86_400)] | None = None
    escalations: Annotated[list[Escalation], Field(max_length=MAX_ESCALATIONS)] = []
    requester: Annotated[str, StringConstraints(max_length=200)] = ""
    reason: Annotated[str, StringConstraints(max_length=MAX_ENTRY_CHARACTERS)] = ""
    question: Question | None = None
    run: RunReference
    context: Annotated[list[ContextEntry], Field(max_length=MAX_CONTEXT_ENTRIES)] = []
    context_left_out: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    supersedes: AwakeableId | None = None
    sealed: bool = False
    files: Annotated[list[FileReference], Field(max_length=MAX_FILES)] = []
    together: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{32})?$")] = ""

    @field_validator("arguments_schema", mode="after")
    @classmethod
    def _is_text(cls, schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
        # Half a character can't be stored or shown.
        json.dumps(schema, ensure_ascii=False).encode()
        return schema

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.kind is Kind.QUESTION) != (self.question is not None):
            raise ValueError("a question has a question, an approval has none")
        if bad := [path for path in self.editable if not _PATH.fullmatch(path)]:
            raise ValueError(f"editable: {bad[0]!r} is not a dotted path")
        self._check_form()
        self._check_escalations()
        self._check_reject_reasons()
        try:
            size, digest = len(canonical_json(self.arguments)), digest_of(self.tool, self.arguments)
        except UnserialisableArguments as error:
            raise ValueError(f"arguments: {error}") from error
        if size > MAX_ARGUMENTS_BYTES:
            raise ValueError(f"arguments: {size} bytes, at most {MAX_ARGUMENTS_BYTES} are taken")
        if digest != self.digest:
            raise ValueError("digest: it is not the digest of tool and arguments")
        return self

    def _check_form(self) -> None:
        if self.question is None or not self.editable:
            return
        properties = self.arguments_schema.get("properties")
        if self.editable != [ANSWER] or ANSWER in self.arguments:
            raise ValueError(f"editable: of a question it is {ANSWER!r} alone, which the arguments do not hold yet")
        if not isinstance(properties, dict) or ANSWER not in properties:
            raise ValueError(f"arguments_schema: it does not say what {ANSWER!r} is")
        if self.question.choices:
            raise ValueError("question: it has choices or a form, not both")

    def _check_reject_reasons(self) -> None:
        if self.reject_reasons and self.kind is Kind.QUESTION:
            raise ValueError("reject_reasons: a question has none")
        if len(set(self.reject_reasons)) != len(self.reject_reasons):
            raise ValueError("reject_reasons: two are the same")

    def _check_escalations(self) -> None:
        times = [escalation.after_seconds for escalation in self.escalations]
        if times != sorted(set(times)):
            raise ValueError("escalations: each has to come later than the one before")
        if times and self.deadline_seconds is not None and times[-1] >= self.deadline_seconds:
            raise ValueError("escalations: the last one has to come before the deadline")


class Receipt(Wire):
    """What the inbox answers to an announcement; the agent journals it.

    Attributes:
        announcement_id: the awakeable id that was announced, the audience of the decision to come.
        request_id: the inbox's id of the request.
        url: where people find it.
    """

    announcement_id: str
    request_id: int
    url: str
