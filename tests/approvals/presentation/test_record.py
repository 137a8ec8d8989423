"""The record in words."""

from typing import Any

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from approvals.presentation.record import event_as_html, event_details, event_reason


@pytest.mark.parametrize(
    ("code", "data", "words"),
    [
        ("request.approved", {"changed": ["amount"]}, "rea approved with changes"),
        ("decision.taken_back", {"outcome": "rejected"}, "rea took the rejection back"),
        ("decision.taken_back", {}, "rea took the decision back before it was sent"),
        ("request.escalated", {"groups": ["managers", "directors"]}, "rea asked managers and directors too"),
        ("request.reminded", {"reminded": ["finance"]}, "rea reminded finance"),
        ("request.reminded", {"reminded": []}, "rea reminded those who may decide"),
        ("request.claimed", {}, "rea took it on"),
        ("request.claimed", {"from": "kim"}, "rea took it over from kim"),
        ("comment.added", {"note": "hm"}, "rea wrote"),
        ("comment.added", {"note": "hm", "to": "kim"}, "rea asked kim"),
        ("something.new", {}, "rea: something.new"),
    ],
)
def test_what_somebody_did(code: str, data: dict[str, Any], words: str) -> None:
    assert strip_tags(event_as_html("user:rea", code, data)) == words


@pytest.mark.parametrize(
    "code",
    [
        "request.missing",
        "request.found",
        "request.restarted",
        "request.decision_kept",
        "delivery.overtaken",
        "delivery.queued_again",
        "delivery.reported_before",
    ],
)
def test_every_code_has_words(code: str) -> None:
    assert code not in event_as_html("courier", code, {})


def test_each_language_puts_who_where_it_belongs_and_hides_nothing() -> None:
    with translation.override("ko"):
        shown = event_as_html("user:<b>\u202e", "request.approved", {})
    assert shown.startswith("<strong>&lt;b&gt;<span")
    assert shown.endswith("</strong> 님이 승인했습니다")


def test_a_reason_that_was_kept_in_english_is_read_in_ones_own_language() -> None:
    with translation.override("ko"):
        assert event_reason({"reason": "The run was cancelled."}) == "실행이 취소되었습니다."
        assert event_reason({"reason": "no budget left"}) == "No budget left."


def test_a_reason_is_a_sentence_and_no_detail() -> None:
    assert event_reason({"reason": "the run was killed"}) == "The run was killed."
    assert event_reason({"reason": 5}) == event_reason({}) == ""
    assert event_details("request.withdrawn", {"reason": "x", "superseded_by": 7}) == {"superseded_by": 7}


def test_what_the_words_tell_is_no_detail_either() -> None:
    told = {"groups": ["managers"], "reminded": ["finance"], "deleted": ["gone"]}
    assert event_details("request.escalated", told) == {"reminded": ["finance"], "deleted": ["gone"]}
