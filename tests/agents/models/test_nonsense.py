"""What counts as a model's answer."""

import pytest
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.tools.function_tool import FunctionTool
from google.genai.types import Blob, Content, FinishReason, FunctionCall, Part

from agents.models.nonsense import nonsense_in


def pay() -> str:
    """Pay."""
    return ""


def asked() -> LlmRequest:
    request = LlmRequest(model="m")
    request.append_tools([FunctionTool(pay)])
    return request


def said(*parts: Part) -> LlmResponse:
    return LlmResponse(content=Content(role="model", parts=[*parts]))


@pytest.mark.parametrize(
    "answer",
    [
        said(Part(text="Hello.")),
        said(Part(function_call=FunctionCall(name="pay", args={}))),
        said(Part(text="Hm.", thought=True), Part(text="Yes.")),
        said(Part(inline_data=Blob(data=b"x", mime_type="image/png"))),
        LlmResponse(content=Content(role="model", parts=[Part(text="As far as")]), error_code="MAX_TOKENS"),
    ],
)
def test_what_says_or_calls_something_is_an_answer(answer: LlmResponse) -> None:
    assert nonsense_in(answer, asked()) == ""


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (LlmResponse(), "gave an empty answer"),
        (said(), "gave an empty answer"),
        (said(Part(text="")), "gave an empty answer"),
        (said(Part(text="Hm.", thought=True)), "gave an empty answer"),
        (LlmResponse(error_code="SAFETY", error_message="Held back."), "gave no answer: SAFETY Held back."),
        (said(Part(function_call=FunctionCall(name="play"))), "called 'play', which is no tool of the agent"),
    ],
)
def test_what_does_neither_is_none(answer: LlmResponse, why: str) -> None:
    assert nonsense_in(answer, asked()) == why


WORDS, CALL = Part(text="This needs a person."), Part(function_call=FunctionCall(name="pay", args={}))
LOST = "Maximum tokens reached. Arguments for the following function calls were not a valid JSON object: pay"


@pytest.mark.parametrize("parts", [[], [WORDS], [WORDS, CALL]])
def test_a_call_that_got_lost_makes_it_none_whatever_stands_beside_it(parts: list[Part]) -> None:
    answer = said(*parts)
    answer.finish_reason = FinishReason.MALFORMED_FUNCTION_CALL
    assert nonsense_in(answer, asked()) == "gave no answer: MALFORMED_FUNCTION_CALL"
    answer.finish_reason = answer.error_code = FinishReason.MAX_TOKENS
    answer.error_message = LOST
    assert nonsense_in(answer, asked()) == f"gave no answer: MAX_TOKENS {LOST}"
