"""``manage.py courier``: deliver decisions."""

import signal
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from approvals.courier.carrying import Carrier
from approvals.courier.loop import Courier
from approvals.engine import admin, ingress
from restate_bridge.contract import KeyFormatError, load_signing_key


class Command(BaseCommand):
    """Run a courier until SIGTERM or Ctrl-C."""

    help = "Deliver decisions to Restate and carry out deadlines. Several may run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        if settings.SIGNING_KEY_FILE is None:
            raise CommandError("COUNTERSIGN_SIGNING_KEY_FILE is not set: the courier signs decisions with it.")
        try:
            key = load_signing_key(settings.SIGNING_KEY_FILE.read_bytes())
        except (OSError, KeyFormatError) as error:
            raise CommandError(f"COUNTERSIGN_SIGNING_KEY_FILE: {error}") from error
        courier = Courier(Carrier(ingress(), admin(), key, timedelta(seconds=settings.DELIVERY_CHECK_SECONDS)))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: courier.stop())
        courier.run()
