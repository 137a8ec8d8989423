"""The courier's rounds, made for tests."""

from datetime import timedelta

from django.conf import settings

from approvals.courier.comparing import Intervals
from approvals.courier.lookout import Lookout
from approvals.courier.reconciler import Reconciler
from approvals.courier.sending import Sending
from approvals.courier.signing import SigningKey
from restate_bridge.admin import Admin
from restate_bridge.health import Health
from restate_bridge.ingress import Ingress

NOWHERE = "http://127.0.0.1:9"
INTERVALS = Intervals(
    check_after=timedelta(0), reconcile_every=timedelta(seconds=30), missing_grace=timedelta(seconds=60)
)


def signing_key() -> SigningKey:
    """The key that the tests' settings name."""
    assert settings.SIGNING_KEY_FILE is not None
    return SigningKey(settings.SIGNING_KEY_FILE)


def sending_by(ingress: Ingress) -> Sending:
    """The round that sends, by an address of the test's choice."""
    return Sending(ingress, signing_key(), check_after=timedelta(0), doubt=lambda: None)


def reconciler_of(ingress_url: str, admin: Admin) -> Reconciler:
    """The round that compares, with an engine of the test's choice."""
    return Reconciler(admin, Lookout(Health(ingress_url, admin)), INTERVALS)
