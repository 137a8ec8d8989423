"""Whether what a pending request tells may be out of date."""

from dataclasses import dataclass
from enum import StrEnum


class Stale(StrEnum):
    """Why a request may be out of date, in the order in which the page says it."""

    DECIDED = "decided"
    SESSION = "session"
    SCHEMA = "schema"
    DEPLOYMENT = "deployment"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a pending request and of what happened since.

    Attributes:
        age: seconds since it was announced.
        stale_age: from how many seconds on that is old.
        schema: the digest of its tool's schema; "" when it was not kept.
        newest_schema: the same of the tool's newest request after it; "" when there is none.
        deployment: where its run is pinned to; "" when that is not known.
        newest_deployment: where a new run of its service would go; "" when that is not known.
        went_on: whether the session was used again after it, without waiting for it.
        decided_before: whether the very same was decided in another request.
    """

    age: float
    stale_age: float
    schema: str = ""
    newest_schema: str = ""
    deployment: str = ""
    newest_deployment: str = ""
    went_on: bool = False
    decided_before: bool = False


def stale_because(facts: Facts) -> list[Stale]:
    """Return what makes a pending request out of date, empty when nothing does."""
    reasons = {
        Stale.DECIDED: facts.decided_before,
        Stale.SESSION: facts.went_on,
        Stale.SCHEMA: _changed(facts.schema, facts.newest_schema),
        Stale.DEPLOYMENT: _changed(facts.deployment, facts.newest_deployment),
        Stale.AGE: facts.age >= facts.stale_age,
    }
    return [reason for reason in Stale if reasons[reason]]


def _changed(then: str, now: str) -> bool:
    """Tell whether something is another than it was; what is not known has not changed."""
    return bool(then and now) and then != now
