"""Which turns are summed up, and what an excerpt and a summary hold."""

import logging
from typing import Any, override

import pytest
from google.adk.apps.base_events_summarizer import BaseEventsSummarizer
from google.adk.events.event import Event
from google.genai.types import Content, FunctionCall, FunctionResponse, Part

from agents.models.careful import ModelFailure
from agents.sessions.earlier import Bounds, split, summary_in
from agents.sessions.summaries import LONGEST, Forgiving, as_said, excerpt_of, summary_of, text_of

WIDE = Bounds(6, 100_000)
NOON = 1_767_225_600.0


def turn(number: int, text: str = "Hello.", at: float | None = None) -> list[Event]:
    """What is said in a turn, at some second of a day: by the user, and by the agent."""
    time = NOON + (number if at is None else at)
    return [
        Event(author=who, invocation_id=f"turn-{number}", timestamp=time, content=Content(parts=[Part(text=text)]))
        for who in ("user", "agent")
    ]


def turns(last: int, **more: Any) -> list[Event]:
    return [event for number in range(1, last + 1) for event in turn(number, **more)]


def of(events: list[Event]) -> list[str]:
    return list(dict.fromkeys(event.invocation_id for event in events))


def test_the_turn_that_has_just_ended_does_not_count_and_too_many_others_do() -> None:
    assert not WIDE.are_passed_by(turns(6), "turn-6")
    assert WIDE.are_passed_by(turns(7), "turn-7")
    assert not WIDE.doubled().are_passed_by(turns(12), "turn-12")
    assert WIDE.doubled().are_passed_by(turns(13), "turn-13")


def test_so_do_others_that_are_too_long() -> None:
    long = [*turn(1, "x" * 60_000), *turn(2)]
    assert WIDE.are_passed_by(long, "turn-2")
    assert not WIDE.are_passed_by([*turn(1), *turn(2, "x" * 60_000)], "turn-2")


def test_nothing_is_too_much_where_nothing_is_to_be_summed_up() -> None:
    assert not Bounds(0, 10_000).are_passed_by(turns(50, text="x" * 1000), "turn-50")


def test_the_latest_four_turns_and_the_one_that_has_ended_stay() -> None:
    early, late = split(turns(9), "turn-9", WIDE)
    assert of(early) == ["turn-1", "turn-2", "turn-3", "turn-4"]
    assert of(late) == ["turn-5", "turn-6", "turn-7", "turn-8", "turn-9"]


def test_fewer_stay_when_they_are_long_and_one_is_summed_up_always() -> None:
    early, late = split([*turns(2), *turn(3, "x" * 60_000), *turn(4), *turn(5)], "turn-5", WIDE)
    assert (of(early), of(late)) == (["turn-1", "turn-2", "turn-3"], ["turn-4", "turn-5"])
    early, late = split(turns(2), "turn-2", Bounds(1, 100_000))
    assert (of(early), of(late)) == (["turn-1"], ["turn-2"])


def test_a_summary_takes_the_place_of_the_one_before_and_holds_what_that_held() -> None:
    before = summary_of("It began with vermilion.", turns(1))
    early, late = split([before, *turns(7)], "turn-7", WIDE)
    assert before not in early + late
    assert summary_in([before, *turns(2)]) is before
    assert excerpt_of([*as_said(before), *early]).startswith("It began with vermilion.\nuser: Hello.\nagent: Hello.\n")


def test_what_stays_is_later_than_the_summary_whatever_the_clocks_say() -> None:
    late = [*turn(8, at=5.0), *turn(9, at=3.0)]
    compaction = summary_of("Early.", late).actions.compaction
    assert compaction is not None
    assert compaction.start_timestamp <= compaction.end_timestamp < NOON + 3


def test_an_excerpt_has_the_beginning_of_each_line_and_what_tools_did() -> None:
    call = FunctionCall(id="c", name="pay", args={"to": "Zoë"})
    answer = FunctionResponse(id="c", name="pay", response={"paid": True})
    parts = [Part(text="Hm.", thought=True), Part(function_call=call), Part(function_response=answer)]
    events = [*turn(1, "x" * 1_000)[:1], Event(author="agent", content=Content(parts=parts))]
    first, *rest = excerpt_of(events).splitlines()
    assert first.startswith("user: xxx")
    assert len(first) == 300
    assert rest == ['agent: (tool_call pay) {"to": "Zoë"}', 'agent: (tool_result pay) {"paid": true}']


def test_what_is_too_long_loses_its_middle() -> None:
    text = text_of(summary_of("begin" + "x" * 20_000 + "end", turns(1)))
    assert LONGEST - 1 <= len(text) <= LONGEST
    assert text.startswith("begin")
    assert "12,008 characters left out" in text
    assert text.endswith("end")


def test_words_are_had_without_thoughts_and_none_from_none() -> None:
    summary = summary_of("Words.", turns(1))
    assert summary.actions.compaction is not None
    thought = [Part(text="Hm.", thought=True), Part(text="Words.")]
    summary.actions.compaction.compacted_content = Content(role="model", parts=thought)
    assert text_of(summary) == "Words."
    assert text_of(None) == ""
    assert as_said(None) == []


class _Failing(BaseEventsSummarizer):
    @override
    async def maybe_summarize_events(self, *, events: list[Event]) -> Event | None:
        raise ModelFailure("gemini answered with 503: Overloaded.")


@pytest.mark.filterwarnings("ignore:.*EXPERIMENTAL")  # as ADK calls all that sums up
async def test_a_model_that_fails_brings_no_summary_and_is_told_about(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "agents"):
        assert await Forgiving(_Failing()).maybe_summarize_events(events=turns(1)) is None
    assert "goes on as it is: gemini answered with 503: Overloaded." in caplog.text
