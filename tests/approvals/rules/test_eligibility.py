"""Who may decide."""

from approvals.rules.eligibility import Electorate, Obstacle, obstacle_for

ELECTORATE = Electorate(groups={1, 2}, requester="requester", approved_by={"early"})


def test_a_member_of_one_of_the_groups_may_decide() -> None:
    assert obstacle_for("reviewer", {2, 9}, ELECTORATE) is None


def test_an_outsider_may_not() -> None:
    assert obstacle_for("outsider", {9}, ELECTORATE) is Obstacle.NOT_A_REVIEWER


def test_the_requester_may_not_whatever_their_groups() -> None:
    assert obstacle_for("requester", {1}, ELECTORATE) is Obstacle.OWN_REQUEST


def test_nobody_decides_twice() -> None:
    assert obstacle_for("early", {1}, ELECTORATE) is Obstacle.ALREADY_APPROVED
