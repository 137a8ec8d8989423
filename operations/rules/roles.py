"""Who may do what in the console: permissions, and the roles that bundle them."""

from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What somebody may be allowed to do. Whoever has none is shown nothing of the console."""

    VIEW_RUN = "operations.view_run"
    VIEW_PAYLOAD = "operations.view_payload"
    STEER_RUN = "operations.steer_run"
    SETTLE_WAIT = "operations.settle_wait"
    CALL_HANDLER = "operations.call_handler"
    EDIT_STATE = "operations.edit_state"
    MANAGE_DEPLOYMENT = "operations.manage_deployment"
    VIEW_RECORD = "operations.view_operatorevent"
    VIEW_ALL_REQUESTS = "approvals.view_approvalrequest"


_VIEWER: Final = frozenset({Permission.VIEW_RUN})
_OPERATOR: Final = _VIEWER | {
    Permission.VIEW_PAYLOAD,
    Permission.STEER_RUN,
    Permission.SETTLE_WAIT,
    Permission.CALL_HANDLER,
    Permission.VIEW_RECORD,
    Permission.VIEW_ALL_REQUESTS,
}
_ADMINISTRATOR: Final = _OPERATOR | {Permission.EDIT_STATE, Permission.MANAGE_DEPLOYMENT}

#: The roles, by the names of their groups.
ROLES: Final = {
    "console-viewers": _VIEWER,
    "console-operators": _OPERATOR,
    "console-administrators": _ADMINISTRATOR,
}
