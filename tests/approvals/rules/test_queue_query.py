"""The address of a list."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.queue_query import Queue, QueueQuery, Sort


def test_nothing_asked_for_is_what_waits_for_me_nearest_deadline_first() -> None:
    query = QueueQuery.read({})
    assert (query.queue, query.sort, query.filters) == (Queue.MINE, Sort.DEADLINE, {})
    assert query.written() == ""


def test_an_address_says_no_more_than_it_has_to() -> None:
    query = QueueQuery.read({"queue": "teams", "risk": "high", "sort": "deadline", "agent": " claims  agent "})
    assert query.written() == "queue=teams&agent=claims+agent&risk=high"


@pytest.mark.parametrize(
    ("name", "value"),
    [("queue", "x"), ("risk", "awful"), ("age", "x"), ("deadline", "x"), ("outcome", "maybe"), ("sort", "x")],
)
def test_what_means_nothing_is_left_out_and_named(name: str, value: str) -> None:
    query = QueueQuery.read({name: value})
    assert query.ignored == (name,)
    assert query.written() == ""


def test_an_outcome_means_nothing_for_what_is_still_open() -> None:
    assert QueueQuery.read({"outcome": "approved"}).ignored == ("outcome",)
    assert QueueQuery.read({"queue": "decided", "outcome": "approved"}).ignored == ()


def test_what_is_found_by_words_comes_newest_first_whatever_was_asked() -> None:
    query = QueueQuery.read({"q": "hotel", "sort": "risk"})
    assert query.sort is Sort.LATEST
    assert query.ignored == ("sort",)


def test_no_character_that_postgresql_refuses_gets_through() -> None:
    assert QueueQuery.read({"q": "a\x00b", "agent": "\x00"}).filters == {"q": "a b"}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "queue": st.sampled_from(list(Queue)) | st.text(max_size=8),
            "sort": st.sampled_from(list(Sort)) | st.text(max_size=8),
            "risk": st.sampled_from(["low", "high", "none"]),
            "age": st.sampled_from(["new", "day", "week", "x"]),
            "deadline": st.sampled_from(["near", "day", "none", "x"]),
            "outcome": st.sampled_from(["approved", "pending", "x"]),
            "q": st.text(max_size=300),
            "agent": st.text(max_size=20),
            "tool": st.text(max_size=20),
            "group": st.text(max_size=20),
        },
    )
)
def test_whatever_is_read_is_written_so_that_it_reads_the_same(parameters: dict[str, str]) -> None:
    query = QueueQuery.read(parameters)
    again = QueueQuery.read(dict(parse_qsl(query.written())))
    assert (again.queue, again.sort, again.filters) == (query.queue, query.sort, query.filters)
    assert again.ignored == ()
