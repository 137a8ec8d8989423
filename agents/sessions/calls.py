"""How often a turn may call its models."""

from typing import override
from weakref import WeakKeyDictionary

import restate
from google.adk.agents.callback_context import CallbackContext
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins import BasePlugin
from restate.extensions import current_context


class ModelCalls(BasePlugin):
    """Ends a turn for good that calls its models more often than it may, those of agents that serve as tools included.

    ADK's own ``RunConfig(max_llm_calls=…)`` counts nothing here: `RestatePlugin` answers in the model's place. So this
    has to come before it in the list of plugins.
    """

    def __init__(self, at_most: int) -> None:
        """Make it; ``at_most`` is the number of calls that one turn may make."""
        super().__init__(name="model_calls")
        self._at_most = at_most
        # A replay asks for the same calls again, and counts anew: its context is another one.
        self._counts: WeakKeyDictionary[restate.Context, int] = WeakKeyDictionary()

    @override
    async def before_model_callback(
        self, *, callback_context: CallbackContext, llm_request: LlmRequest
    ) -> LlmResponse | None:
        """Count the call.

        Raises:
            TerminalError: it is one too many.
        """
        ctx = current_context()
        if ctx is None:
            return None
        count = self._counts[ctx] = self._counts.get(ctx, 0) + 1
        if count > self._at_most:
            raise restate.TerminalError(f"the agent wanted to call its model more than {self._at_most} times in a turn")
        return None
