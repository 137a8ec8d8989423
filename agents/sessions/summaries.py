"""What is left of what was said: a summary by the model, or an excerpt where there is none."""

import json
import logging
import math
from collections.abc import Sequence
from typing import Final, override

from google.adk.apps.base_events_summarizer import BaseEventsSummarizer
from google.adk.events.event import Event
from google.adk.events.event_actions import EventActions, EventCompaction
from google.genai.types import Content, Part

from agents.approval.conversation import entries, shortened
from agents.models.careful import ModelFailure

log = logging.getLogger("agents")
#: So many characters a summary has at most.
LONGEST: Final = 8_000
_LONGEST_LINE: Final = 300
_SUMMARY: Final = "summary"


class Forgiving(BaseEventsSummarizer):
    """Asks once, and has no summary where the model brings none: the turn is over by then, and its answer is good."""

    def __init__(self, inner: BaseEventsSummarizer) -> None:
        self._inner = inner

    @override
    async def maybe_summarize_events(self, *, events: list[Event]) -> Event | None:
        try:
            return await self._inner.maybe_summarize_events(events=events)
        except ModelFailure as failure:
            log.warning("a conversation could not be summed up, and goes on as it is: %s", failure)
            return None


def as_said(summary: Event | None) -> list[Event]:
    """Return a summary as an event that tells it, so that the next summary holds what it held."""
    text = text_of(summary)
    return [Event(author=_SUMMARY, content=Content(role="model", parts=[Part(text=text)]))] if text else []


def text_of(summary: Event | None) -> str:
    """Return the words of a summary, without what the model thought."""
    compaction = summary.actions.compaction if summary else None
    parts = (compaction.compacted_content.parts if compaction else None) or ()
    return "\n".join(part.text for part in parts if part.text and not part.thought).strip()


def excerpt_of(events: Sequence[Event]) -> str:
    """Return the beginning of each message, and which tools were called with what and returned what."""
    lines = []
    for entry in entries(events):
        if entry.author == _SUMMARY:
            lines.append(entry.text)
            continue
        done = f"({entry.kind} {entry.tool}) {json.dumps(entry.data, ensure_ascii=False)}"
        lines.append(shortened(f"{entry.author}: {entry.text or done}", _LONGEST_LINE))
    return _without_the_middle("\n".join(lines))


def summary_of(text: str, before: Sequence[Event]) -> Event:
    """Return the event that holds a summary, for the place before others.

    ADK shows a model nothing whose time is within a summary's. What was summed up is not kept: so the summary needs
    no time to hide it, and hides nothing that is said later by a clock that is behind.
    """
    end = math.nextafter(min(event.timestamp for event in before), 0)
    content = Content(role="model", parts=[Part(text=_without_the_middle(text))])
    compaction = EventCompaction(start_timestamp=0, end_timestamp=0, compacted_content=content)
    return Event(
        author="user", timestamp=end, invocation_id=Event.new_id(), actions=EventActions(compaction=compaction)
    )


def _without_the_middle(text: str) -> str:
    """Return a text that is cut where it is neither what was said first nor what was said last."""
    if len(text) <= LONGEST:
        return text
    mark = f"\n[… {len(text) - LONGEST:,} characters left out …]\n"
    half = (LONGEST - len(mark)) // 2
    return text[:half] + mark + text[-half:]
