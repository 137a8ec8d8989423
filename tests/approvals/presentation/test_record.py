"""The record in words."""

from typing import Any

import pytest

from approvals.presentation.record import event_details, event_in_words, event_reason


@pytest.mark.parametrize(
    ("code", "data", "words"),
    [
        ("request.approved", {"changed": ["amount"]}, "approved with changes"),
        ("decision.taken_back", {"outcome": "rejected"}, "took the rejection back"),
        ("decision.taken_back", {}, "took the decision back before it was sent"),
        ("request.escalated", {"groups": ["managers", "directors"]}, "asked managers and directors too"),
        ("request.reminded", {"reminded": ["finance"]}, "reminded finance"),
        ("request.reminded", {"reminded": []}, "reminded those who may decide"),
        ("something.new", {}, "something.new"),
    ],
)
def test_what_somebody_did(code: str, data: dict[str, Any], words: str) -> None:
    assert event_in_words(code, data) == words


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
    assert event_in_words(code, {}) != code


def test_a_reason_is_a_sentence_and_no_detail() -> None:
    assert event_reason({"reason": "the run was killed"}) == "The run was killed."
    assert event_reason({"reason": 5}) == event_reason({}) == ""
    assert event_details("request.withdrawn", {"reason": "x", "superseded_by": 7}) == {"superseded_by": 7}


def test_what_the_words_tell_is_no_detail_either() -> None:
    told = {"groups": ["managers"], "reminded": ["finance"], "deleted": ["gone"]}
    assert event_details("request.escalated", told) == {"reminded": ["finance"], "deleted": ["gone"]}
