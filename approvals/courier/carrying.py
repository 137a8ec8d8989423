"""What the courier does with one delivery: send it, or find out how far it got."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from approvals.courier.letters import letter_for
from approvals.rules.lifecycle import DeliveryState
from approvals.services.acknowledge import LOOK_AFTER_RECEIVED
from approvals.services.parcel import Parcel
from approvals.services.travelling import (
    note_kept,
    note_never_reported,
    note_sent,
    note_trouble,
    note_undeliverable,
    note_waiting,
    note_working,
)
from restate_bridge.admin import Admin
from restate_bridge.errors import BridgeError
from restate_bridge.ids import signal_index
from restate_bridge.ingress import Ingress
from restate_bridge.introspection import Run, find_run, signal_arrived

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries decisions to the engine and reads back what became of them.

    Attributes:
        check_after: how long the agent has to acknowledge before the run is looked at.
    """

    ingress: Ingress
    admin: Admin
    key: Ed25519PrivateKey
    check_after: timedelta

    def carry(self, parcel: Parcel) -> None:
        """Take a claimed delivery one step further, and note it. Never raises for what the engine does."""
        try:
            if parcel.state == DeliveryState.QUEUED:
                self._send(parcel)
            elif parcel.state == DeliveryState.RECEIVED:
                self._look_after_received(parcel)
            else:
                self._look_after_sent(parcel)
        except BridgeError as error:
            # Also what the engine refuses: a wrong address, a proxy's own answer or a rate limit passes.
            logger.warning("request %s: %s", parcel.request_id, error)
            note_trouble(delivery_id=parcel.delivery_id, error=str(error))

    def _send(self, parcel: Parcel) -> None:
        letter_for(parcel, self.key).send(self.ingress)
        note_sent(delivery_id=parcel.delivery_id, at=timezone.now(), check_after=self.check_after)

    def _look_after_received(self, parcel: Parcel) -> None:
        """The agent acknowledged it and has not reported yet: it works, or its run has ended."""
        run = find_run(self.admin, parcel.invocation_id)
        if run is None or run.has_ended:
            note_never_reported(delivery_id=parcel.delivery_id, reason=_ending(run))
        else:
            note_working(delivery_id=parcel.delivery_id, check_after=LOOK_AFTER_RECEIVED)

    def _look_after_sent(self, parcel: Parcel) -> None:
        """It was sent and nobody acknowledged it yet: read the run."""
        run = find_run(self.admin, parcel.invocation_id)
        if run is None or run.has_ended:
            note_undeliverable(delivery_id=parcel.delivery_id, reason=_ending(run))
        elif not signal_arrived(self.admin, parcel.invocation_id, signal_index(parcel.awakeable_id)):
            self._send(parcel)
        elif run.is_paused:
            note_kept(delivery_id=parcel.delivery_id, check_after=self.check_after)
        else:
            # It stands in the journal: the agent is slow, down or backing off, and will get to it.
            note_waiting(delivery_id=parcel.delivery_id, check_after=self._patience(parcel.sent_at))

    def _patience(self, sent_at: datetime | None) -> timedelta:
        """Look less often the longer it takes, at least once a minute."""
        waited = timezone.now() - sent_at if sent_at else timedelta()
        return min(max(self.check_after, waited / 2), timedelta(minutes=1))


def _ending(run: Run | None) -> str:
    if run is None:
        return "Restate no longer knows the run"
    return f"the run has ended without it: {run.failure}" if run.failure else "the run has ended without it"
