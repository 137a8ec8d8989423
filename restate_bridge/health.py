"""Whether the engine is there."""

from typing import Final

from restate_bridge.admin import Admin
from restate_bridge.errors import BridgeError
from restate_bridge.http import RestateHttp

#: How a problem begins that concerns the admin API alone: decisions go out, and runs can't be looked at.
ADMIN_API: Final = "The admin API"
# A count is not done before every partition has answered, where a row or two may come from the first that does. Of a
# table that has next to nothing in it: 1 ms beside 10,000 runs, which to count takes 6.
_OF_ALL_PARTITIONS: Final = "SELECT COUNT(*) AS number FROM sys_promise"


class Health:
    """Asks ingress and admin API how they are."""

    def __init__(self, ingress_url: str, admin: Admin, *, timeout: float = 2.0) -> None:
        """Make it; ``timeout`` is how long the ingress may take, in seconds."""
        self._ingress = RestateHttp(ingress_url, timeout=timeout)
        self._admin = admin

    def problem(self) -> str:
        """Return what is wrong, in words; empty when both are there, and every partition answers."""
        try:
            self._ingress.call("GET", "/restate/health")
        except BridgeError as error:
            return f"The ingress: {error}"
        try:
            # Its own health says yes while its partitions are still coming up and no run can be read.
            self._admin.query(_OF_ALL_PARTITIONS)
        except BridgeError as error:
            return f"{ADMIN_API}: {error}"
        return ""
