"""`ask_human`: a question to a person, from inside a tool."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, overload

import restate
from pydantic import BaseModel, ValidationError

from agents.approval import outcomes
from agents.approval.answer import Answer, answer_of, as_told
from agents.approval.asking import Asking
from agents.approval.callers import Caller, fields_of, run_reference, tool_of_caller
from agents.approval.dry_run import is_dry_run, rehearse
from agents.approval.durable import restate_context
from agents.approval.errors import RequestRefused, in_words
from agents.approval.escalation import Escalation, stages
from agents.approval.files import Attached, sending
from agents.approval.policy import one_line
from agents.approval.protocol import settle
from agents.approval.telling import tell
from agents.approval.wanted import Filled, Misfit, Wanted, Words
from restate_bridge.contract import Announcement, DecisionClaims, Kind, Outcome, Question, Risk, digest_of

#: How often the same is asked when no answer fits.
_AT_MOST: Final = 20
_LONGEST: Final = 900


@dataclass(frozen=True)
class _Asked:
    """A question and whom it goes to; ``about`` is what was wrong with the answer before, if one was."""

    caller: Caller
    tool: str
    question: Question
    wanted: Wanted[Any]
    groups: Sequence[str]
    deadline: timedelta | None
    escalations: Sequence[Escalation]
    risk: Risk | str
    files: Sequence[Attached]
    about: str = ""


@overload
async def ask_human(
    caller: Caller,
    question: str,
    *,
    choices: Sequence[str] = (),
    groups: Sequence[str] = (),
    deadline: timedelta | None = None,
    escalations: Sequence[Escalation] = (),
    risk: Risk | str = Risk.LOW,
    files: Sequence[Attached] = (),
) -> Answer[str]: ...
@overload
async def ask_human[T: BaseModel](
    caller: Caller,
    question: str,
    *,
    form: type[T],
    begins_with: Mapping[str, Any] = ...,
    groups: Sequence[str] = (),
    deadline: timedelta | None = None,
    escalations: Sequence[Escalation] = (),
    risk: Risk | str = Risk.LOW,
    files: Sequence[Attached] = (),
) -> Answer[T]: ...
async def ask_human(
    caller: Caller,
    question: str,
    *,
    choices: Sequence[str] = (),
    form: type[BaseModel] | None = None,
    begins_with: Mapping[str, Any] | None = None,
    groups: Sequence[str] = (),
    deadline: timedelta | None = None,
    escalations: Sequence[Escalation] = (),
    risk: Risk | str = Risk.LOW,
    files: Sequence[Attached] = (),
) -> Answer[Any]:
    """Ask a person, and wait for as long as it takes.

    Args:
        caller: who asks: the tool's context, or what `in_handler` returns.
        question: 1 to 4,000 characters.
        choices: what may be answered, at most 30, all different; empty means free text, or a form.
        form: a pydantic model: people fill in its fields, and are asked again about what its validators refuse.
        begins_with: what fields of the form hold at first, by their names in JSON, besides the model's defaults.
        groups: who may see and answer; empty means the inbox's default group.
        deadline: after how long without an answer it expires; None waits for ever.
        escalations: whom to remind, and who may answer besides, on the way to the deadline; see `Escalation`.
        risk: how much harm a wrong answer can do.
        files: what goes along to look at, at most 10: names of the session's ADK artifacts, or `File` objects.

    Raises:
        NoRestateContext: it was called outside a Restate handler.
        RequestRefused: the question or what goes with it is not as above, or see `settle`; it ends the run unless the
            tool catches it.
        TerminalError: the run was cancelled; or it was called inside a durable step.
    """
    tool = tool_of_caller(caller, otherwise="ask_human")
    ctx = restate_context(tool)
    if form is not None and choices:
        raise RequestRefused("A question has choices or a form, not both.", status_code=422)
    wanted: Wanted[Any] = Words() if form is None else Filled(form, begins_with or {})
    asked = _Asked(caller, tool, _question(question, choices), wanted, groups, deadline, escalations, risk, files)
    if is_dry_run():
        await rehearse(ctx, tool, {"would_ask": asked.question.text})
        return Answer("dry_run")
    return await _answered(ctx, asked)


def _question(text: str, choices: Sequence[str]) -> Question:
    try:
        # Whatever the types say, a model may have filled these in.
        return Question.model_validate({"text": str(text).strip(), "choices": choices})
    except ValidationError as error:
        # Any other error would be tried again for ever, and the question would stay as it is.
        raise RequestRefused(f"The question can't be asked: {in_words(error)}", status_code=422) from error


async def _answered(ctx: restate.Context, asked: _Asked) -> Answer[Any]:
    """Ask until an answer is one that was wanted; each time in the place of the one before."""
    before = None
    for _ in range(_AT_MOST):
        settled = await settle(ctx, _asking(ctx, asked), supersedes=before)
        before, claims = settled.awakeable_id, settled.claims
        misfit = await _misfit(ctx, asked, claims)
        if not misfit:
            answer = _read(asked.wanted, claims)
            await tell(ctx, asked.tool, before, outcomes.done(as_told(answer)))
            return answer
        await tell(ctx, asked.tool, before, outcomes.done({"asked_again": misfit}))
        asked = replace(asked, wanted=asked.wanted.again(claims), about=misfit)
    raise RequestRefused(f"{_AT_MOST} answers did not fit, the last: {asked.about}", status_code=422)


async def _misfit(ctx: restate.Context, asked: _Asked, claims: DecisionClaims) -> str:
    """Return why an answer does not fit, empty when it does. Journaled: a model may look at the clock."""

    def look() -> str:
        try:
            asked.wanted.read(claims)
        except Misfit as misfit:
            return str(misfit)[:_LONGEST] or "it was refused"
        return ""

    if not asked.wanted.is_checked or claims.outcome is not Outcome.ANSWERED:
        return ""
    return await ctx.run_typed(f"check answer: {asked.tool}", look)


def _read(wanted: Wanted[Any], claims: DecisionClaims) -> Answer[Any]:
    try:
        value, text = wanted.read(claims) if claims.outcome is Outcome.ANSWERED else (None, "")
    except Misfit as misfit:  # It did fit, as the journal says, and went on from there.
        raise restate.TerminalError(f"An answer that has fitted does no more: {misfit}") from misfit
    return answer_of(claims, value, text)


def _asking(ctx: restate.Context, asked: _Asked) -> Asking:
    digest = digest_of(asked.tool, asked.wanted.arguments(asked.question))
    make = functools.partial(_announcement, ctx, asked, digest)
    files = sending(asked.caller, asked.files)
    return Asking(Kind.QUESTION, asked.tool, digest, run_reference(ctx, asked.caller), make, files)


def _announcement(ctx: restate.Context, asked: _Asked, digest: str, supersedes: str | None) -> Announcement:
    question = asked.question
    if asked.about:
        again = f"{question.text[:3_000]}\n\nThe answer before did not fit: {asked.about}"
        question = question.model_copy(update={"text": again})
    return Announcement(
        kind=Kind.QUESTION,
        title=one_line(asked.question.text),
        tool=asked.tool,
        arguments=asked.wanted.arguments(asked.question),
        arguments_schema=asked.wanted.schema,
        editable=asked.wanted.editable,
        digest=digest,
        risk=Risk(asked.risk),
        groups=list(asked.groups),
        deadline_seconds=None if asked.deadline is None else int(asked.deadline.total_seconds()),
        escalations=stages(asked.escalations, asked.deadline),
        question=question,
        supersedes=supersedes,
        **fields_of(ctx, asked.caller),
    )
