"""What an operator asks for, as an address."""

import pytest

from operations.rules.run_query import STATES, RunQuery, Tab
from restate_bridge.listed_run import ENDED, RunState


@pytest.mark.parametrize(
    "written",
    ["", "state=waiting", "q=Claims%2Fhotel", "state=failed&service=Claims&session=a+b&version=dp_1&age=day"],
)
def test_what_is_written_reads_back(written: str) -> None:
    given = dict(pair.split("=") for pair in written.split("&") if pair)
    read = RunQuery.read({name: value.replace("+", " ").replace("%2F", "/") for name, value in given.items()})
    assert sorted(read.written().split("&")) == sorted(written.split("&"))


def test_what_means_nothing_is_left_out() -> None:
    assert RunQuery.read({"state": "dancing", "age": "old", "other": "x"}) == RunQuery()


def test_words_are_tidied_and_bounded() -> None:
    assert RunQuery.read({"q": "  a\x00 b  "}).q == "a b"
    assert len(RunQuery.read({"q": "x" * 500}).q) == 200


def test_a_filter_is_added_and_taken_away_without_losing_the_rest() -> None:
    query = RunQuery.read({"state": "waiting", "service": "Claims"})
    assert query.changed(age="day").written() == "state=waiting&service=Claims&age=day"
    assert query.changed(service="").written() == "state=waiting"
    assert query.changed(state="open").written() == "service=Claims"


def test_every_state_is_in_a_tab_of_its_own_or_among_the_ended() -> None:
    assert set().union(*STATES.values()) == set(RunState)
    assert STATES[Tab.ENDED] == ENDED
    assert STATES[Tab.OPEN] == frozenset()
