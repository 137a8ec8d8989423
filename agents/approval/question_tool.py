"""`ask_human_tool`: a question to a person, as a tool that the model calls itself."""

import functools
import inspect
import keyword
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from google.adk.tools.tool_context import ToolContext
from pydantic import BaseModel

from agents.approval import outcomes
from agents.approval.answer import Answer, as_told
from agents.approval.errors import NotGateable, RequestRefused
from agents.approval.escalation import Escalation, stages
from agents.approval.question import ask_human
from agents.approval.wanted import Filled
from restate_bridge.contract import Risk

# What every model's API takes for a name.
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def ask_human_tool(
    *,
    form: type[BaseModel] | None = None,
    name: str = "ask_a_person",
    groups: Sequence[str] = (),
    deadline: timedelta | None = None,
    escalations: Sequence[Escalation] = (),
    risk: Risk | str = Risk.LOW,
) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Return an ADK tool with which the model itself asks a person; see `ask_human` for what is not said here.

    Args:
        form: what people fill in, and the model is told; without one the model may name choices.
        name: the tool's name, by which the model calls it and the inbox shows it.

    Raises:
        NotGateable: the name is none of a function, the pydantic model can't be a form, or the escalations can't work
            as written.
    """
    _check(name, form, deadline, escalations)
    ask = functools.partial(ask_human, groups=groups, deadline=deadline, escalations=escalations, risk=risk)

    async def ask_a_person(question: str, choices: list[str], tool_context: ToolContext) -> dict[str, Any]:
        """Ask a person something that only a person can know or decide, and wait for the answer.

        Args:
            question: the question, complete in itself.
            choices: the answers to choose from; an empty list for a free answer.
        """
        return await _told(ask(tool_context, question, choices=choices))

    async def have_filled_in(question: str, tool_context: ToolContext) -> dict[str, Any]:
        assert form is not None
        return await _told(ask(tool_context, question, form=form))

    if form is None:
        return _named(ask_a_person, name)
    have_filled_in.__doc__ = _described(form)
    return _named(have_filled_in, name)


def _check(name: str, form: object, deadline: timedelta | None, escalations: Sequence[Escalation]) -> None:
    try:
        if not _NAME.fullmatch(name) or keyword.iskeyword(name):
            raise ValueError(
                "a tool is called like a function, in at most 64 letters of English, digits and underscores"
            )
        stages(escalations, deadline)
        if isinstance(form, type) and issubclass(form, BaseModel):
            _ = Filled(form).schema
        elif form is not None:
            raise ValueError(f"{form!r} can't be a form: it is no pydantic model")
    except (ValueError, RequestRefused) as error:
        raise NotGateable(f"{name}: {error}") from error


async def _told(asking: Awaitable[Answer[Any]]) -> dict[str, Any]:
    try:
        return as_told(await asking)
    except RequestRefused as error:
        return outcomes.failed(error.message)


def _described(form: type[BaseModel]) -> str:
    """Return what the model is told of a tool whose answer is a form."""
    said = inspect.getdoc(form)
    what = form.__name__ if not said or said == inspect.getdoc(BaseModel) else said
    # As it is told: see `as_told`.
    fields = ", ".join(form.model_json_schema(mode="serialization")["properties"])
    return (
        f"Have a person fill in a form, and wait for it.\n\n{what}\n\nIts fields: {fields}.\n\n"
        "Args:\n    question: what they should fill in and what for, complete in itself."
    )


def _named[T: Callable[..., Any]](tool: T, name: str) -> T:
    tool.__name__ = tool.__qualname__ = name
    return tool
