"""Who may decide a request, and why not."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Obstacle(StrEnum):
    """Why somebody can't decide a request."""

    NOT_A_REVIEWER = "not_a_reviewer"
    OWN_REQUEST = "own_request"
    ALREADY_APPROVED = "already_approved"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands towards a request.

    Attributes:
        is_member: whether this person belongs to a group that decides the request.
        requester: on whose behalf the run was started.
        approved_by: who has an approval that counts.
        is_held: whether an operator keeps everybody from deciding.
    """

    is_member: bool
    requester: str
    approved_by: Collection[str]
    is_held: bool = False


def obstacle_for(username: str, standing: Standing) -> Obstacle | None:
    """Return what keeps ``username`` from deciding; None when nothing does."""
    if username == standing.requester:
        return Obstacle.OWN_REQUEST
    if not standing.is_member:
        return Obstacle.NOT_A_REVIEWER
    if username in standing.approved_by:
        return Obstacle.ALREADY_APPROVED
    return Obstacle.HELD if standing.is_held else None
