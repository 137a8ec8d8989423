"""The round that is the inbox's clock. It needs the database and never the engine."""

from datetime import datetime
from typing import Final

from approvals.notify import CLOCK_CHANNEL
from approvals.selectors.deliveries import next_deadline_due
from approvals.services.escalate import carry_out_next_escalation
from approvals.services.expire import expire_next_request
from approvals.services.files import forget_files


class Clock:
    """Carries out deadlines and escalations, and forgets files that nobody announced.

    Woken when a request comes that may have some.
    """

    name: Final = "the clock"
    channel: Final = CLOCK_CHANNEL
    longest_wait: Final = 10.0
    breath: Final = 0.0

    def work(self, now: datetime) -> bool:
        """Carry out one thing that is due; tell whether there was one."""
        if expire_next_request(now=now) is not None:
            return True
        return carry_out_next_escalation(now=now) is not None or forget_files(now=now) > 0

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next deadline or escalation is due."""
        return next_deadline_due()
