"""A conversation as a script reads it, and a line as it writes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from google.genai.types import Content


@dataclass(frozen=True)
class Call:
    """A tool to call, with its arguments."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """What the model says next: words, tool calls, or words before tool calls."""

    text: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class ToolResult:
    """A tool call that was made, and what came back."""

    tool: str
    arguments: dict[str, Any]
    response: dict[str, Any]


@dataclass
class Transcript:
    """A conversation.

    Attributes:
        unsettled: what the user said since the last tool result, oldest first.
        before: what the user said between the last two runs of tools.
        fresh: results of tools since the user last spoke; empty when it is the user who spoke last.
        results: results of all tools, oldest first.
    """

    unsettled: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    fresh: list[ToolResult] = field(default_factory=list)
    results: list[ToolResult] = field(default_factory=list)

    @classmethod
    def of(cls, contents: Iterable[Content]) -> Self:
        """Read the contents of a request to a model."""
        transcript, calls = cls(), {}
        for content in contents:
            for part in content.parts or ():
                if part.function_call:
                    calls[part.function_call.id or part.function_call.name] = part.function_call.args or {}
                elif response := part.function_response:
                    arguments = calls.get(response.id or response.name, {})
                    transcript._returned(ToolResult(response.name or "", arguments, response.response or {}))
                elif part.text and content.role == "user":
                    transcript._said(part.text)
        return transcript

    def _said(self, text: str) -> None:
        self.fresh = []
        self.unsettled.append(text)

    def _returned(self, result: ToolResult) -> None:
        if self.unsettled:
            self.before, self.unsettled = self.unsettled, []
        self.fresh.append(result)
        self.results.append(result)


#: What to say next in a conversation.
type Script = Callable[[Transcript], Line]
