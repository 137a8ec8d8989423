"""A model that is called with care: within a time, and an answer that can't be one counts as none."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final, override

from google.adk.agents import LlmAgent
from google.adk.models import LlmCapabilities, LLMRegistry
from google.adk.models.base_llm import BaseLlm
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.tools.agent_tool import AgentTool
from google.genai.types import Content, FunctionCall

from agents.environment import Environment
from agents.models.nonsense import nonsense_in, on_one_line

_HINTS: Final = {401: "the key is refused", 403: "the key is refused", 429: "it is asked too often"}


class ModelFailure(Exception):
    """A call of a model that brought no answer; the message says why.

    It is no terminal error: Restate tries the call again, with a pause that grows, and pauses the run after
    ``AGENT_ATTEMPTS`` of them. Nothing of such a call stays in the journal.
    """

    @override
    def __repr__(self) -> str:
        """Return the message: Restate tells people of an error by this."""
        return str(self)


class CarefulModel(BaseLlm):
    """Any model, called within a time.

    Attributes:
        inner: the model.
        seconds: how long one call may take.
    """

    inner: BaseLlm
    seconds: float

    @property
    @override
    def capabilities(self) -> LlmCapabilities:
        """What the model can do."""
        return self.inner.capabilities

    @override
    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        """Yield the model's answer.

        Raises:
            ModelFailure: the model refused, took too long, or said what is no answer.
        """
        limit = asyncio.timeout(self.seconds)
        try:
            async with limit:
                answers = [answer async for answer in self.inner.generate_content_async(llm_request, stream=False)]
        except Exception as error:
            late = limit.expired()
            raise ModelFailure(f"{self.model} {self._late() if late else _refusal(error)}") from error
        answer = answers[-1] if answers else LlmResponse()
        if nonsense := nonsense_in(answer, llm_request):
            raise ModelFailure(f"{self.model} {nonsense}")
        _make_new(answer, llm_request)
        yield answer

    def _late(self) -> str:
        return f"did not answer within {self.seconds:g} s"


def _make_new(answer: LlmResponse, llm_request: LlmRequest) -> None:
    """Take from a tool call the id that another has, so that it gets its own: some models count anew in each turn."""
    known = {call.id for content in llm_request.contents for call in _calls_in(content)}
    for call in _calls_in(answer.content):
        if call.id in known:
            call.id = None
        known.add(call.id)


def _calls_in(content: Content | None) -> list[FunctionCall]:
    parts = content.parts if content else None
    return [part.function_call for part in parts or () if part.function_call]


def careful(model: BaseLlm | str) -> CarefulModel:
    """Return a model that is given up after ``AGENT_MODEL_TIMEOUT`` seconds, and whose failures Restate tries again."""
    inner = LLMRegistry.new_llm(model) if isinstance(model, str) else model
    return CarefulModel(model=inner.model, inner=inner, seconds=Environment.read().model_timeout.total_seconds())


def with_care(agent: LlmAgent) -> None:
    """Have an agent call its model with care, and those that it hands work to theirs."""
    if agent.model and not isinstance(agent.model, CarefulModel):  # An empty one is the parent's.
        agent.model = careful(agent.model)
    tools = [tool.agent for tool in agent.tools if isinstance(tool, AgentTool)]
    for other in [*agent.sub_agents, *tools]:
        if isinstance(other, LlmAgent):
            with_care(other)


def _refusal(error: Exception) -> str:
    """Say what an error of any model's client means: most of them hold a status and a message of their own."""
    words = str(getattr(error, "message", "")) or str(error) or "it does not say why"
    # OpenAI's errors, and so LiteLLM's, have a `code` too, which is a word.
    codes = [getattr(error, name, None) for name in ("code", "status_code")]
    code = next((code for code in codes if isinstance(code, int)), None)
    if code is None:
        return on_one_line(f"could not be called: {type(error).__name__}: {words}")
    hint = f" ({_HINTS[code]})" if code in _HINTS else ""
    return on_one_line(f"answered with {code}{hint}: {words}")
