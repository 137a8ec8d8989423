"""Who may decide."""

from approvals.rules.eligibility import Obstacle, Standing, obstacle_for


def standing(*, is_member: bool = True, is_held: bool = False) -> Standing:
    return Standing(is_member=is_member, requester="requester", approved_by={"early"}, is_held=is_held)


def test_a_member_of_one_of_the_groups_may_decide() -> None:
    assert obstacle_for("reviewer", standing()) is None


def test_an_outsider_may_not() -> None:
    assert obstacle_for("outsider", standing(is_member=False)) is Obstacle.NOT_A_REVIEWER


def test_the_requester_may_not_whatever_their_groups() -> None:
    assert obstacle_for("requester", standing()) is Obstacle.OWN_REQUEST


def test_nobody_decides_twice() -> None:
    assert obstacle_for("early", standing()) is Obstacle.ALREADY_APPROVED


def test_while_an_operator_holds_it_nobody_may() -> None:
    assert obstacle_for("reviewer", standing(is_held=True)) is Obstacle.HELD
    assert obstacle_for("outsider", standing(is_member=False, is_held=True)) is Obstacle.NOT_A_REVIEWER
