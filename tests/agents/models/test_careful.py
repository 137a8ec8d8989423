"""How a failure of any model's client is told, and who is called with care."""

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
from google.genai.types import Content, FunctionCall, Part

from agents.models.careful import CarefulModel, ModelFailure, careful, with_care


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
        self.status_code, self.message, self.code = status_code, message, "a_word"


async def failure(says: LlmResponse | Exception) -> str:
    model = CarefulModel(model="m", inner=_Client(model="m", says=says), seconds=1)
    with pytest.raises(ModelFailure) as caught:
        [_ async for _ in model.generate_content_async(LlmRequest(model="m"))]
    assert repr(caught.value) == str(caught.value)
    return str(caught.value)


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


async def test_a_tool_call_whose_id_another_has_gets_one_of_its_own() -> None:
    def calls(*ids: str) -> Content:
        return Content(role="model", parts=[Part(function_call=FunctionCall(id=one, name="pay")) for one in ids])

    said = LlmResponse(content=calls("pay:0", "pay:1", "pay:1"))
    model = CarefulModel(model="m", inner=_Client(model="m", says=said), seconds=1)
    asked = LlmRequest(model="m", contents=[calls("pay:0")])
    asked.append_tools([FunctionTool(pay)])
    [answer] = [one async for one in model.generate_content_async(asked)]
    assert answer.content is not None
    ids = [part.function_call and part.function_call.id for part in answer.content.parts or ()]
    assert ids == [None, "pay:1", None]


def pay() -> None:
    """Pay."""
