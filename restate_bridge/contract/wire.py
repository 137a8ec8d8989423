"""What agents and the inbox send each other over the intake API, field by field."""

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    field_validator,
    model_validator,
)

from restate_bridge.contract.digest import UnserialisableArguments, canonical_json, digest_of

MAX_ARGUMENTS_BYTES: Final = 256 * 1024
MAX_CONTEXT_ENTRIES: Final = 200
MAX_ENTRY_CHARACTERS: Final = 20_000
MAX_RESULT_BYTES: Final = 64 * 1024
MAX_ESCALATIONS: Final = 10

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
AwakeableId = Annotated[str, StringConstraints(pattern=r"^sign_1[A-Za-z0-9_-]{20,80}$")]
_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_PATH = re.compile(r"[^.\s]+(\.[^.\s]+)*")


class Kind(StrEnum):
    """What is asked for: leave to run a tool, or an answer."""

    APPROVAL = "approval"
    QUESTION = "question"


class Risk(StrEnum):
    """How much harm a wrong approval can do."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Outcome(StrEnum):
    """How a request was settled by a decision."""

    APPROVED = "approved"
    REJECTED = "rejected"
    ANSWERED = "answered"
    EXPIRED = "expired"


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _shows_nul(cls, value: Any) -> Any:
        """Make NUL, which PostgreSQL refuses in text, the visible sign for it: refusing it would stop the run."""
        if isinstance(value, list):
            return [cls._shows_nul(item) for item in value]
        return value.replace("\x00", "\u2400") if isinstance(value, str) and not isinstance(value, StrEnum) else value


class RunReference(_Wire):
    """Which run asks.

    Attributes:
        invocation_id: Restate's id of the run (``inv_1…``).
        service: the Restate service.
        handler: its handler.
        key: the virtual object's key, empty for a plain service.
        session_id: the ADK session.
    """

    invocation_id: Annotated[str, StringConstraints(pattern=r"^inv_1[0-9A-Za-z]{33}$")]
    service: Name
    handler: Name
    key: Annotated[str, StringConstraints(max_length=500)] = ""
    session_id: Annotated[str, StringConstraints(max_length=500)] = ""


class ContextEntry(_Wire):
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


class Question(_Wire):
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


class Escalation(_Wire):
    """What happens when nobody has decided for a while; several make stages on the way to the deadline.

    Attributes:
        after_seconds: how long after the announcement.
        groups: who may decide from then on, besides those who may already.
        remind: groups whose members are reminded; empty means everybody who may decide.
    """

    after_seconds: Annotated[int, Field(ge=1, le=366 * 86_400)]
    groups: Annotated[list[Name], Field(max_length=20)] = []
    remind: Annotated[list[Name], Field(max_length=20)] = []


class Announcement(_Wire):
    """A request for a person, as an agent announces it (``PUT /api/requests/{awakeable_id}``).

    Attributes:
        kind: approval or question.
        title: one line, what will happen.
        agent: the agent's name.
        tool: the tool that will run, or that asks.
        arguments: what it will run with.
        arguments_schema: JSON schema of ``arguments`` (an object schema; ``$defs`` allowed).
        editable: dotted paths into ``arguments`` that a reviewer may change.
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
    """

    kind: Kind
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    agent: Name
    tool: Name
    arguments: dict[str, JsonValue]
    arguments_schema: dict[str, JsonValue] = {}
    editable: Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Field(max_length=100)] = []
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

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.kind is Kind.QUESTION) != (self.question is not None):
            raise ValueError("a question has a question, an approval has none")
        if bad := [path for path in self.editable if not _PATH.fullmatch(path)]:
            raise ValueError(f"editable: {bad[0]!r} is not a dotted path")
        self._check_escalations()
        try:
            size, digest = len(canonical_json(self.arguments)), digest_of(self.tool, self.arguments)
        except UnserialisableArguments as error:
            raise ValueError(f"arguments: {error}") from error
        if size > MAX_ARGUMENTS_BYTES:
            raise ValueError(f"arguments: {size} bytes, at most {MAX_ARGUMENTS_BYTES} are taken")
        if digest != self.digest:
            raise ValueError("digest: it is not the digest of tool and arguments")
        return self

    def _check_escalations(self) -> None:
        times = [escalation.after_seconds for escalation in self.escalations]
        if times != sorted(set(times)):
            raise ValueError("escalations: each has to come later than the one before")
        if times and self.deadline_seconds is not None and times[-1] >= self.deadline_seconds:
            raise ValueError("escalations: the last one has to come before the deadline")


class Receipt(_Wire):
    """What the inbox answers to an announcement; the agent journals it.

    Attributes:
        announcement_id: the awakeable id that was announced, the audience of the decision to come.
        request_id: the inbox's id of the request.
        url: where people find it.
    """

    announcement_id: str
    request_id: int
    url: str


class Acknowledgement(_Wire):
    """The agent has verified a decision and asks for the last word.

    Attributes:
        decision_id: the token's ``jti``.
    """

    decision_id: Annotated[str, StringConstraints(max_length=100)]


class Rebinding(_Wire):
    """A restarted run says which awakeable it waits for, since its journal holds an announcement of another one.

    Attributes:
        awakeable_id: the id in the run's hand.
        run: the restarted run.
    """

    awakeable_id: AwakeableId
    run: RunReference


class Verdict(_Wire):
    """The inbox's last word: run the tool, or don't.

    Attributes:
        go: whether the decision stands.
        reason: why not, for the agent's log; empty when it does.
    """

    go: bool
    reason: str = ""


class Report(_Wire):
    """What came of the decision.

    Attributes:
        state: ``done``, or ``failed`` when the tool raised.
        result: what the tool returned, or the error in words.
    """

    state: Literal["done", "failed"]
    result: JsonValue = None

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        try:
            size = len(canonical_json(self.result))
        except UnserialisableArguments as error:
            raise ValueError(f"result: {error}") from error
        if size > MAX_RESULT_BYTES:
            raise ValueError(f"result: {size} bytes, at most {MAX_RESULT_BYTES} are taken")
        return self


class Withdrawal(_Wire):
    """The run no longer waits.

    Attributes:
        reason: why, in words.
    """

    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class InvalidAnswer(_Wire):
    """Something that is not a valid decision reached the awakeable.

    Attributes:
        code: see `InvalidDecision`; or ``not_standing`` when the inbox did not let a valid one go.
        excerpt: its first characters, for the record; never executed, never shown as markup.
    """

    code: Annotated[str, StringConstraints(max_length=50)]
    excerpt: Annotated[str, StringConstraints(max_length=500)] = ""
