"""What every message between agents and the inbox is made of."""

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
AwakeableId = Annotated[str, StringConstraints(pattern=r"^sign_1[A-Za-z0-9_-]{20,80}$")]


class Outcome(StrEnum):
    """How a request was settled by a decision."""

    APPROVED = "approved"
    REJECTED = "rejected"
    ANSWERED = "answered"
    EXPIRED = "expired"


class Wire(BaseModel):
    """A message: it can't be changed, and holds nothing that is not foreseen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _shows_nul(cls, value: Any) -> Any:
        """Make NUL, which PostgreSQL refuses in text, the visible sign for it: refusing it would stop the run."""
        if isinstance(value, list):
            return [cls._shows_nul(item) for item in value]
        return value.replace("\x00", "\u2400") if isinstance(value, str) and not isinstance(value, StrEnum) else value


#: The header by which a run tells those that it calls which case they are a part of: its id, ``;``, its name quoted.
CASE_HEADER: Final = "x-countersign-case"
MAX_CASE_NAME: Final = 701


class RunReference(Wire):
    """Which run asks.

    Attributes:
        invocation_id: Restate's id of the run (``inv_1…``).
        service: the Restate service.
        handler: its handler.
        key: the virtual object's key, empty for a plain service.
        session_id: the ADK session.
        case_run: the run that a case began with which this run is a part of; empty for one that works alone.
        case_name: what that run is of, such as ``Dispute/d-17``; empty with no case.
    """

    invocation_id: Annotated[str, StringConstraints(pattern=r"^inv_1[0-9A-Za-z]{33}$")]
    service: Name
    handler: Name
    key: Annotated[str, StringConstraints(max_length=500)] = ""
    session_id: Annotated[str, StringConstraints(max_length=500)] = ""
    case_run: Annotated[str, StringConstraints(pattern=r"^(inv_1[0-9A-Za-z]{33})?$")] = ""
    case_name: Annotated[str, StringConstraints(max_length=MAX_CASE_NAME)] = ""
