"""What others did, in sentences."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from approvals.models import AuditEvent
from approvals.presentation.news import changes_in_words
from approvals.rules.news import MATTERS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event(code: str, actor: str = "user:kim", **data: Any) -> AuditEvent:
    return AuditEvent(code=code, actor=actor, at=NOW - timedelta(minutes=2), data=data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (event("request.claimed"), "Kim Lee claimed this 2 min ago."),
        (event("request.released"), "Kim Lee released this 2 min ago."),
        (event("decision.recorded"), "Kim Lee approved this 2 min ago."),
        (event("decision.recorded", changed=["amount"]), "Kim Lee approved this with changes 2 min ago."),
        (event("decision.taken_back"), "Kim Lee took a decision back 2 min ago."),
        (event("comment.added", note="hm"), "There is 1 new comment."),
        (event("request.escalated", "courier", groups=["a", "b"]), "a and b were asked too 2 min ago."),
        (event("request.claimed", "user:unknown"), "unknown claimed this 2 min ago."),
    ],
)
def test_each_change_is_a_sentence(change: AuditEvent, sentence: str) -> None:
    assert changes_in_words([change], {"kim": "Kim Lee"}, NOW) == [sentence]


def test_comments_are_counted_and_come_last() -> None:
    changes = [event("comment.added"), event("request.claimed"), event("comment.added")]
    assert changes_in_words(changes, {}, NOW) == ["kim claimed this 2 min ago.", "There are 2 new comments."]


def test_everything_that_matters_has_words_of_its_own() -> None:
    sentences = {changes_in_words([event(code, groups=["a"])], {}, NOW)[0] for code in MATTERS}
    assert len(sentences) == len(MATTERS)
