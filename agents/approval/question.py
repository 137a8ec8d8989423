"""`ask_human`: a question to a person, from inside a tool."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import restate
from pydantic import JsonValue, ValidationError

from agents.approval import outcomes
from agents.approval.answer import Answer, answer_of, as_told
from agents.approval.asking import Asking
from agents.approval.callers import Caller, fields_of, run_reference, tool_of_caller
from agents.approval.dry_run import is_dry_run, rehearse
from agents.approval.durable import restate_context
from agents.approval.errors import RequestRefused, in_words
from agents.approval.escalation import Escalation, stages
from agents.approval.policy import one_line
from agents.approval.protocol import settle
from agents.approval.telling import tell
from restate_bridge.contract import Announcement, Kind, Question, Risk, digest_of

_SCHEMA: Final[dict[str, JsonValue]] = {
    "type": "object",
    "properties": {
        "question": {"type": "string", "title": "Question"},
        "choices": {"type": "array", "items": {"type": "string"}, "title": "Choices"},
    },
    "required": ["question", "choices"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class _Asked:
    question: Question
    groups: Sequence[str]
    deadline: timedelta | None
    escalations: Sequence[Escalation]
    risk: Risk | str


async def ask_human(
    caller: Caller,
    question: str,
    *,
    choices: Sequence[str] = (),
    groups: Sequence[str] = (),
    deadline: timedelta | None = None,
    escalations: Sequence[Escalation] = (),
    risk: Risk | str = Risk.LOW,
) -> Answer:
    """Ask a person, and wait for as long as it takes.

    Args:
        caller: who asks: the tool's context, or what `in_handler` returns.
        question: 1 to 4,000 characters.
        choices: what may be answered, at most 30, all different; empty means free text.
        groups: who may see and answer; empty means the inbox's default group.
        deadline: after how long without an answer it expires; None waits for ever.
        escalations: whom to remind, and who may answer besides, on the way to the deadline; see `Escalation`.
        risk: how much harm a wrong answer can do.

    Raises:
        NoRestateContext: it was called outside a Restate handler.
        RequestRefused: the question or what goes with it is not as above, or see `settle`; it ends the run unless the
            tool catches it.
        TerminalError: the run was cancelled; or it was called inside a durable step.
    """
    tool = tool_of_caller(caller, otherwise="ask_human")
    ctx = restate_context(tool)
    asked = _Asked(_question(question, choices), groups, deadline, escalations, risk)
    if is_dry_run():
        await rehearse(ctx, tool, {"would_ask": asked.question.text})
        return Answer("dry_run")
    arguments: dict[str, JsonValue] = {"question": asked.question.text, "choices": [*asked.question.choices]}
    digest = digest_of(tool, arguments)
    make = functools.partial(_announcement, ctx, caller, tool, asked, arguments, digest)
    asking = Asking(Kind.QUESTION, tool, digest, run_reference(ctx, caller), make)
    settled = await settle(ctx, asking)
    answer = answer_of(settled.claims)
    await tell(ctx, tool, settled.awakeable_id, outcomes.done(as_told(answer)))
    return answer


def _question(text: str, choices: Sequence[str]) -> Question:
    try:
        # Whatever the types say, a model may have filled these in.
        return Question.model_validate({"text": str(text).strip(), "choices": choices})
    except ValidationError as error:
        # Any other error would be tried again for ever, and the question would stay as it is.
        raise RequestRefused(f"The question can't be asked: {in_words(error)}", status_code=422) from error


def _announcement(
    ctx: restate.Context,
    caller: Caller,
    tool: str,
    asked: _Asked,
    arguments: dict[str, JsonValue],
    digest: str,
    supersedes: str | None,
) -> Announcement:
    return Announcement(
        kind=Kind.QUESTION,
        title=one_line(asked.question.text),
        tool=tool,
        arguments=arguments,
        arguments_schema=_SCHEMA,
        digest=digest,
        risk=Risk(asked.risk),
        groups=list(asked.groups),
        deadline_seconds=None if asked.deadline is None else int(asked.deadline.total_seconds()),
        escalations=stages(asked.escalations, asked.deadline),
        question=asked.question,
        supersedes=supersedes,
        **fields_of(ctx, caller),
    )
