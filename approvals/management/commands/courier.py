"""``manage.py courier``: deliver decisions, carry out deadlines, reconcile with the engine."""

import signal
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from approvals.courier.clock import Clock
from approvals.courier.comparing import Intervals
from approvals.courier.lookout import Lookout
from approvals.courier.loop import Courier
from approvals.courier.reconciler import Reconciler
from approvals.courier.rounds import Round
from approvals.courier.sending import Sending
from approvals.courier.signing import SigningKey
from approvals.courier.waits import WaitSweep
from approvals.engine import admin, ingress
from restate_bridge.contract import KeyFormatError, start_tracing
from restate_bridge.health import Health


class Command(BaseCommand):
    """Run a courier until SIGTERM or Ctrl-C."""

    help = "Deliver decisions to Restate, carry out deadlines, reconcile with Restate. Several may run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        start_tracing("courier")
        courier = Courier(_rounds())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: courier.stop())
        courier.run()


def _rounds() -> list[Round]:
    check_after = timedelta(seconds=settings.DELIVERY_CHECK_SECONDS)
    lookout = Lookout(Health(settings.RESTATE_INGRESS_URL, admin()))
    intervals = Intervals(
        check_after,
        reconcile_every=timedelta(seconds=settings.RECONCILE_SECONDS),
        missing_grace=timedelta(seconds=settings.MISSING_SECONDS),
    )
    return [
        Sending(ingress(), _signing_key(), check_after=check_after, doubt=lookout.doubt),
        Clock(),
        Reconciler(admin(), lookout, intervals),
        WaitSweep(admin(), lookout, every=timedelta(seconds=settings.WAITS_SECONDS)),
    ]


def _signing_key() -> SigningKey:
    if settings.SIGNING_KEY_FILE is None:
        raise CommandError("COUNTERSIGN_SIGNING_KEY_FILE is not set: the courier signs decisions with it.")
    try:
        return SigningKey(settings.SIGNING_KEY_FILE)
    except (OSError, KeyFormatError) as error:
        raise CommandError(f"COUNTERSIGN_SIGNING_KEY_FILE: {error}") from error
