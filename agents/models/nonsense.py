"""What a model says and is no answer."""

from typing import Final

from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.genai.types import FinishReason

_LONGEST_REASON: Final = 600
# What `LiteLlm` says of calls that it left out of the answer.
_LOST_CALL: Final = "were not a valid JSON object"


def nonsense_in(answer: LlmResponse, asked: LlmRequest) -> str:
    """Return why an answer can't be one, in words that follow the model's name; empty when it can.

    It has to be told here, before the answer is journaled: from then on each try would meet the same.
    """
    parts = (answer.content.parts if answer.content else None) or []
    calls = [part.function_call for part in parts if part.function_call]
    if unknown := [call.name for call in calls if call.name not in asked.tools_dict]:
        return f"called {unknown[0]!r}, which is no tool of the agent"
    if _is_garbled(answer):
        return _no_answer(answer)
    if calls or any((part.text and not part.thought) or part.inline_data or part.file_data for part in parts):
        return ""
    return _no_answer(answer) if answer.error_code else "gave an empty answer"


def _is_garbled(answer: LlmResponse) -> bool:
    """Whether a tool call got lost that could not be read, whatever words or other calls stand beside it.

    One that was cut off at the limit of tokens is reported as that, and only ADK's message tells that it was a call.
    """
    reasons = {answer.error_code, answer.finish_reason}
    return FinishReason.MALFORMED_FUNCTION_CALL in reasons or _LOST_CALL in (answer.error_message or "")


def _no_answer(answer: LlmResponse) -> str:
    code = answer.error_code or answer.finish_reason
    name = code.value if isinstance(code, FinishReason) else code
    return on_one_line(f"gave no answer: {name} {answer.error_message or ''}")


def on_one_line(text: str) -> str:
    """Return a reason on one line, of 600 characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
