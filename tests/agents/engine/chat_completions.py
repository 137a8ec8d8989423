"""A local server that speaks OpenAI's chat completions, as many others do, and misbehaves when it is told to."""

import json
from typing import Any, Final, override

from tests.agents.engine.model_server import CLAIM, ModelServer, Trouble

NAME: Final = "openai/trial"
KEY: Final = "a-key-for-nothing"
ARGUMENTS: Final = json.dumps({"claim": CLAIM})


def refusal(status: int, kind: str, message: str) -> Trouble:
    """An error as OpenAI tells it."""
    return Trouble(status, json.dumps({"error": {"message": message, "type": kind, "param": None, "code": None}}))


def completion(message: dict[str, Any], finish_reason: str = "stop") -> Trouble:
    """An answer with this message."""
    usage = {"prompt_tokens": 400, "completion_tokens": 40, "total_tokens": 440}
    choice = {"index": 0, "message": {"role": "assistant"} | message, "logprobs": None, "finish_reason": finish_reason}
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1_767_225_600, "model": "trial"}
    return Trouble(body=json.dumps(answer | {"choices": [choice], "usage": usage}))


def calling(*arguments: str, words: str | None = None, tool: str = "reimburse", why: str = "tool_calls") -> Trouble:
    """An answer that calls a tool, once for each arguments, with words before them or without."""
    calls = [
        {"id": f"call_{number}", "type": "function", "function": {"name": tool, "arguments": text}}
        for number, text in enumerate(arguments)
    ]
    return completion({"content": words, "tool_calls": calls}, why)


class ChatCompletions(ModelServer):
    """Calls ``reimburse`` for whatever is said first, then says what came of it."""

    @override
    def answer(self, asked: dict[str, Any]) -> Trouble:
        last = asked["messages"][-1]
        if last["role"] == "tool":
            return completion({"content": f"It was {json.loads(last['content'])['status']}."})
        return calling(ARGUMENTS, words="This needs a person.")


def environment(server: ChatCompletions) -> dict[str, str]:
    """What makes the agents call it, in LiteLLM's own variables."""
    return {"AGENT_MODEL": NAME, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{server.url}/v1"}
