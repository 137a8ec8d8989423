"""What counts as an answer, and how a failure of any model's client is told."""

from collections.abc import AsyncGenerator
from typing import override

import pytest
from google.adk.agents import LlmAgent
from google.adk.models.base_llm import BaseLlm
from google.adk.models.google_llm import Gemini
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.tools.agent_tool import AgentTool
from google.adk.tools.function_tool import FunctionTool
from google.genai.types import Blob, Content, FunctionCall, Part

from agents.models.careful import CarefulModel, ModelFailure, careful, nonsense_in, with_care


class _Client(BaseLlm):
    """A model whose client says or raises what it was made with."""

    says: LlmResponse | Exception

    @override
    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        if isinstance(self.says, Exception):
            raise self.says
        yield self.says


class _Status(Exception):
    """As LiteLLM's errors are."""

    def __init__(self, status_code: int, message: str) -> None:
        super().__init__(f"litellm.SomeError: {message}")
        self.status_code, self.message = status_code, message


def pay() -> str:
    """Pay."""
    return ""


def asked() -> LlmRequest:
    request = LlmRequest(model="m")
    request.append_tools([FunctionTool(pay)])
    return request


def said(*parts: Part) -> LlmResponse:
    return LlmResponse(content=Content(role="model", parts=[*parts]))


async def failure(says: LlmResponse | Exception) -> str:
    model = CarefulModel(model="m", inner=_Client(model="m", says=says), seconds=1)
    with pytest.raises(ModelFailure) as caught:
        [_ async for _ in model.generate_content_async(asked())]
    assert repr(caught.value) == str(caught.value)
    return str(caught.value)


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


async def test_a_failure_is_told_with_its_status_and_in_bounds() -> None:
    assert await failure(_Status(503, "Overloaded.")) == "m answered with 503: Overloaded."
    assert await failure(_Status(429, "Slow\ndown.")) == "m answered with 429 (it is asked too often): Slow down."
    assert await failure(ConnectionError("no route")) == "m could not be called: ConnectionError: no route"
    assert await failure(ValueError()) == "m could not be called: ValueError: it does not say why"
    assert len(await failure(_Status(500, "x" * 10_000))) < 700


def test_a_model_can_be_named_and_keeps_what_it_can_do() -> None:
    model = careful("gemini-2.5-flash")
    assert isinstance(model.inner, Gemini)
    assert (model.model, model.capabilities) == ("gemini-2.5-flash", model.inner.capabilities)
    assert model.seconds == 120


def test_an_agent_and_all_that_it_hands_work_to_are_called_with_care() -> None:
    tool = LlmAgent(name="tool", model="gemini-2.5-flash")
    below = LlmAgent(name="below")
    sub = LlmAgent(name="sub", model=careful("gemini-2.5-pro"), sub_agents=[below])
    agent = LlmAgent(name="agent", model="gemini-2.5-flash", sub_agents=[sub], tools=[AgentTool(tool)])
    with_care(agent)
    with_care(agent)
    assert [type(one.model) for one in (agent, sub, tool)] == [CarefulModel] * 3
    assert [type(one.model.inner) for one in (agent, sub, tool) if isinstance(one.model, CarefulModel)] == [Gemini] * 3
    assert below.canonical_model is sub.model
