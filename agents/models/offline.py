"""The offline model: it plays a sample's script, so that everything can be tried without a key."""

from collections.abc import AsyncGenerator
from typing import Final, override

from google.adk.models.base_llm import BaseLlm
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.genai.types import Content, FunctionCall, Part

from agents.models.transcript import Script, Transcript

NOTICE: Final = "(I am the offline stand-in: a script, not a language model. Set GOOGLE_API_KEY to talk to Gemini.)"


class OfflineModel(BaseLlm):
    """A stand-in for a language model, deterministic: its answer depends on the conversation that it is given, alone.

    Attributes:
        script: what to say and which tools to call next, as a function of the conversation.
        says_what_it_is: whether its answers say that it is none; those that go to another agent need not.
    """

    script: Script
    says_what_it_is: bool = True

    @override
    async def generate_content_async(
        self, llm_request: LlmRequest, stream: bool = False
    ) -> AsyncGenerator[LlmResponse, None]:
        line = self.script(Transcript.of(llm_request.contents))
        text = line.text if line.calls or not self.says_what_it_is else f"{line.text}\n\n{NOTICE}"
        parts = [Part(text=text)] if text else []
        parts += [Part(function_call=FunctionCall(name=call.tool, args=call.arguments)) for call in line.calls]
        yield LlmResponse(content=Content(role="model", parts=parts))
