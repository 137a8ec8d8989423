"""When several people's decisions settle a request."""

from hypothesis import given
from hypothesis import strategies as st

from approvals.rules.quorum import Ballot, settled_outcome, standing_approvals
from restate_bridge.contract import Outcome

APPROVED, REJECTED, ANSWERED = Outcome.APPROVED, Outcome.REJECTED, Outcome.ANSWERED


def test_without_ballots_nothing_is_settled() -> None:
    assert settled_outcome([], 1) is None


def test_one_approval_is_enough_for_a_quorum_of_one_and_too_few_for_two() -> None:
    ballots = [Ballot("a", APPROVED, "x")]
    assert settled_outcome(ballots, 1) is APPROVED
    assert settled_outcome(ballots, 2) is None


def test_the_same_person_counts_once() -> None:
    assert settled_outcome([Ballot("a", APPROVED, "x"), Ballot("a", APPROVED, "x")], 2) is None


def test_an_edit_starts_the_count_anew() -> None:
    ballots = [Ballot("a", APPROVED, "x"), Ballot("b", APPROVED, "y")]
    assert settled_outcome(ballots, 2) is None
    assert [ballot.reviewer for ballot in standing_approvals(ballots)] == ["b"]
    assert settled_outcome([*ballots, Ballot("a", APPROVED, "y")], 2) is APPROVED


def test_a_void_approval_does_not_come_back_when_somebody_edits_the_arguments_back() -> None:
    ballots = [Ballot("a", APPROVED, "x"), Ballot("b", APPROVED, "y"), Ballot("c", APPROVED, "x")]
    assert settled_outcome(ballots, 2) is None
    assert [ballot.reviewer for ballot in standing_approvals(ballots)] == ["c"]


def test_one_rejection_or_answer_settles() -> None:
    assert settled_outcome([Ballot("a", APPROVED, "x"), Ballot("b", REJECTED, "")], 3) is REJECTED
    assert settled_outcome([Ballot("a", ANSWERED, "")], 3) is ANSWERED


ballots = st.lists(st.builds(Ballot, st.sampled_from("abcd"), st.just(APPROVED), st.sampled_from("xyz")), max_size=12)


@given(ballots, st.integers(1, 5))
def test_approval_always_means_enough_different_people_for_the_latest_arguments(
    cast: list[Ballot], quorum: int
) -> None:
    if settled_outcome(cast, quorum) is APPROVED:
        latest = cast[-1].digest
        assert len({ballot.reviewer for ballot in cast if ballot.digest == latest}) >= quorum
