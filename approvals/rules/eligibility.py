"""Who may decide a request, and why not."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Obstacle(StrEnum):
    """Why somebody can't decide a request."""

    NOT_A_REVIEWER = "not_a_reviewer"
    OWN_REQUEST = "own_request"
    ALREADY_APPROVED = "already_approved"


@dataclass(frozen=True, slots=True)
class Electorate:
    """What eligibility depends on.

    Attributes:
        groups: ids of the groups that decide this request.
        requester: on whose behalf the run was started.
        approved_by: who has an approval that counts.
    """

    groups: Collection[int]
    requester: str
    approved_by: Collection[str]


def obstacle_for(username: str, groups: Collection[int], electorate: Electorate) -> Obstacle | None:
    """Return what keeps ``username``, a member of ``groups``, from deciding; None when nothing does."""
    if username == electorate.requester:
        return Obstacle.OWN_REQUEST
    if not set(groups) & set(electorate.groups):
        return Obstacle.NOT_A_REVIEWER
    if username in electorate.approved_by:
        return Obstacle.ALREADY_APPROVED
    return None
