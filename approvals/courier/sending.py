"""The round that sends decisions to the engine."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.utils import timezone
from opentelemetry.trace import SpanKind

from approvals.courier.crew import Crew
from approvals.courier.letters import Letter, PlainLetter, letter_for, plain_letter_for
from approvals.courier.signing import SigningKey
from approvals.notify import COURIER_CHANNEL
from approvals.selectors.deliveries import next_delivery_due
from approvals.services.parcel import Parcel
from approvals.services.travelling import claim_due_deliveries, note_sent, note_sent_together, note_trouble
from restate_bridge.contract import logged_about, span
from restate_bridge.errors import BridgeError, EngineAway
from restate_bridge.ids import run_of
from restate_bridge.ingress import Ingress

logger = logging.getLogger(__name__)

_CREW: Final = 8
_SPAN: Final = "deliver decision"
_KIND: Final = SpanKind.PRODUCER


class Sending:
    """Sends what is queued and due. Woken by a trigger for every new delivery."""

    name: Final = "sending"
    channel: Final = COURIER_CHANNEL
    longest_wait: Final = 30.0
    breath: Final = 0.0

    def __init__(self, ingress: Ingress, key: SigningKey, *, check_after: timedelta, doubt: Callable[[], None]) -> None:
        """Make it.

        Args:
            check_after: how long the agent has to acknowledge before the run is looked at.
            doubt: called when the engine seems to be away.
        """
        self._ingress, self._key = ingress, key
        self._check_after, self._doubt = check_after, doubt
        self._crew = Crew(_CREW)

    def work(self, now: datetime) -> bool:
        """Send one batch; tell whether there was one."""
        # As many as are sent at the same moment: what was sent is noted once all of them are.
        batch = claim_due_deliveries(now=now, at_most=_CREW)
        sent: dict[int, datetime] = {}
        # One alone, which is the usual case, needs no other thread.
        if len(batch) == 1:
            self._carry(batch[0], sent)
        else:
            self._crew.do_all([partial(self._carry, parcel, sent) for parcel in batch])
        self._note_sent(sent)
        return bool(batch)

    def next_due(self, now: datetime) -> datetime | None:
        """Return when the next decision is to be sent."""
        return next_delivery_due()

    def _note_sent(self, sent: dict[int, datetime]) -> None:
        noted: set[int] = set()
        try:
            noted = note_sent_together(sent=sent, check_after=self._check_after) if len(sent) > 1 else noted
        except Exception:
            logger.exception("%s deliveries could not be noted together", len(sent))
        for delivery_id in sent.keys() - noted:
            try:
                note_sent(delivery_id=delivery_id, at=sent[delivery_id], check_after=self._check_after)
            except Exception:
                # As in `_carry`: its lease runs out, and sending it twice is harmless.
                logger.exception("delivery %s was sent, which could not be noted", delivery_id)

    def _carry(self, parcel: Parcel, sent: dict[int, datetime]) -> None:
        try:
            with logged_about(run_id=run_of(parcel.awakeable_id)), span(_SPAN, parent=parcel.traceparent, kind=_KIND):
                self._send(parcel, sent)
        except Exception:
            # One delivery's trouble must not hold up the others; its lease runs out and it is taken again.
            logger.exception("request %s: the delivery failed", parcel.request_id)

    def _send(self, parcel: Parcel, sent: dict[int, datetime]) -> None:
        try:
            self._letter(parcel).send(self._ingress)
        except BridgeError as error:
            # Also what the engine refuses: a wrong address, a proxy's own answer or a rate limit passes.
            logger.warning("request %s: %s", parcel.request_id, error)
            if isinstance(error, EngineAway):
                self._doubt()
            note_trouble(delivery_id=parcel.delivery_id, at=timezone.now(), error=str(error))
        else:
            logger.info("request %s: Restate has taken the decision", parcel.request_id)
            sent[parcel.delivery_id] = timezone.now()

    def _letter(self, parcel: Parcel) -> Letter | PlainLetter:
        return plain_letter_for(parcel) if parcel.is_found else letter_for(parcel, self._key.current())
