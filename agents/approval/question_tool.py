"""`ask_human_tool`: a question to a person, as a tool that the model calls itself."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from google.adk.tools.tool_context import ToolContext

from agents.approval import outcomes
from agents.approval.answer import as_told
from agents.approval.errors import RequestRefused
from agents.approval.question import ask_human
from restate_bridge.contract import Question, Risk


def ask_human_tool(
    *, groups: Sequence[str] = (), deadline: timedelta | None = None, risk: Risk | str = Risk.LOW
) -> Callable[[str, list[str], ToolContext], Awaitable[dict[str, Any]]]:
    """Return an ADK tool with which the model itself asks a person; see `ask_human` for the arguments."""

    async def ask_a_person(question: str, choices: list[str], tool_context: ToolContext) -> dict[str, Any]:
        """Ask a person something that only a person can know or decide, and wait for the answer.

        Args:
            question: the question, complete in itself.
            choices: the answers to choose from; an empty list for a free answer.
        """
        try:
            Question(text=question.strip(), choices=choices)
        except ValueError as error:
            return {"error": f"This can't be asked, correct it: {error}"}
        try:
            answer = await ask_human(
                tool_context, question, choices=choices, groups=groups, deadline=deadline, risk=risk
            )
        except RequestRefused as error:
            return outcomes.failed(error.message)
        return as_told(answer)

    return ask_a_person
