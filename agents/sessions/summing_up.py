"""Summing up what was said early in a conversation, when a turn has ended well."""

import logging
from typing import Final, override

import restate
from google.adk.agents.invocation_context import InvocationContext
from google.adk.apps.llm_event_summarizer import LlmEventSummarizer
from google.adk.events.event import Event
from google.adk.models.base_llm import BaseLlm
from google.adk.plugins import BasePlugin
from restate.ext.adk import RestateEventSummarizer, RestateSessionService

from agents.models.careful import CarefulModel
from agents.models.offline import OfflineModel
from agents.sessions.earlier import Bounds, split, summary_in
from agents.sessions.summaries import Forgiving, as_said, excerpt_of, summary_of, text_of

log = logging.getLogger("agents")
_TRIES: Final = 3


class SummingUp(BasePlugin):
    """Replaces a conversation's earlier turns by a summary, in the session that is stored as in what a model is shown.

    Once the turns are too many or too long, all but the latest are summed up together with the summary before, so that
    there is one at any time. The model is asked in a journaled step, once a turn; where it brings no summary the
    conversation goes on as it is, until it has twice its bounds and an excerpt does instead. The offline stand-in has
    excerpts alone.

    ADK's own compaction of so many turns drops nothing that is stored, piles its summaries up, and sums up the latest
    turn too. This has to come before `RestatePlugin`, which writes the session, in the list of plugins.
    """

    def __init__(self, model: BaseLlm, bounds: Bounds) -> None:
        """Make it; the model is the one that sums up."""
        super().__init__(name="summing_up")
        self._bounds = bounds
        plays = isinstance(model.inner if isinstance(model, CarefulModel) else model, OfflineModel)
        by_model = None if plays else Forgiving(LlmEventSummarizer(llm=model))
        self._durable = by_model and RestateEventSummarizer.from_summarizer(by_model, max_retries=_TRIES)

    @override
    async def after_run_callback(self, *, invocation_context: InvocationContext) -> None:
        """Sum up, if it is time to, before the session is written."""
        session, turn = invocation_context.session, invocation_context.invocation_id
        # An agent that serves as a tool has a session in memory, which ends with its call.
        if not isinstance(invocation_context.session_service, RestateSessionService):
            return
        if not self._bounds.are_passed_by(session.events, turn):
            return
        early, late = split(session.events, turn, self._bounds)
        told = [*as_said(summary_in(session.events)), *early]
        words = await self._words(told)
        if not words and (self._durable is None or self._bounds.doubled().are_passed_by(session.events, turn)):
            words = excerpt_of(told)
        if words:
            session.events[:] = [summary_of(words, before=late), *late]

    async def _words(self, told: list[Event]) -> str:
        if self._durable is None:
            return ""
        try:
            return text_of(await self._durable.maybe_summarize_events(events=told))
        except restate.TerminalError as error:
            # Also a cancellation: the turn has its answer, and what is left of it is to be kept.
            log.warning("a conversation was not summed up, and goes on as it is: %s", error.message)
            return ""
