"""How the intake API says no."""

from collections.abc import Mapping
from typing import Final

from ninja import Schema

from approvals.errors import ContentConflict, InvalidInput, NothingToAcknowledge, NotRestarted, UnknownGroup
from approvals.models import ApprovalRequest
from restate_bridge.errors import BridgeError


class Problem(Schema):
    """What is wrong with a call.

    Attributes:
        field: the field it is about, empty when it is about the whole.
        message: in words.
    """

    field: str = ""
    message: str


class Problems(Schema):
    """Why a call was refused; nothing was changed."""

    problems: list[Problem]


_STATUS: Final[Mapping[type[Exception], int]] = {
    ContentConflict: 409,
    NothingToAcknowledge: 409,
    NotRestarted: 409,
    BridgeError: 503,
    UnknownGroup: 422,
    InvalidInput: 422,
    ApprovalRequest.DoesNotExist: 404,
}
#: What `refusal_of` has an answer for.
REFUSED: Final = tuple(_STATUS)


def refusal_of(error: Exception) -> tuple[int, Problem]:
    """Return the status and the problem for one of `REFUSED`."""
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    if isinstance(error, ApprovalRequest.DoesNotExist):
        return status, Problem(message="this agent service announced no such request")
    if isinstance(error, UnknownGroup):
        return status, Problem(field="groups", message=str(error))
    return status, Problem(field=error.field if isinstance(error, InvalidInput) else "", message=str(error))
