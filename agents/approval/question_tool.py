"""`ask_human_tool`: a question to a person, as a tool that the model calls itself."""

import functools
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from google.adk.tools.tool_context import ToolContext

from agents.approval import outcomes
from agents.approval.answer import as_told
from agents.approval.errors import NotGateable, RequestRefused
from agents.approval.escalation import Escalation, stages
from agents.approval.question import ask_human
from restate_bridge.contract import Risk


def ask_human_tool(
    *,
    groups: Sequence[str] = (),
    deadline: timedelta | None = None,
    escalations: Sequence[Escalation] = (),
    risk: Risk | str = Risk.LOW,
) -> Callable[[str, list[str], ToolContext], Awaitable[dict[str, Any]]]:
    """Return an ADK tool with which the model itself asks a person; see `ask_human` for the arguments.

    Raises:
        NotGateable: the escalations can't work as written.
    """
    try:
        stages(escalations, deadline)
    except ValueError as error:
        raise NotGateable(f"ask_a_person: {error}") from error
    ask = functools.partial(ask_human, groups=groups, deadline=deadline, escalations=escalations, risk=risk)

    async def ask_a_person(question: str, choices: list[str], tool_context: ToolContext) -> dict[str, Any]:
        """Ask a person something that only a person can know or decide, and wait for the answer.

        Args:
            question: the question, complete in itself.
            choices: the answers to choose from; an empty list for a free answer.
        """
        try:
            return as_told(await ask(tool_context, question, choices=choices))
        except RequestRefused as error:
            return outcomes.failed(error.message)

    return ask_a_person
