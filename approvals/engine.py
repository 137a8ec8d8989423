"""The inbox's connections to Restate, one of each kind a process."""

from functools import cache
from typing import Final

from django.conf import settings

from restate_bridge.admin import Admin
from restate_bridge.control import Control
from restate_bridge.endings import Endings
from restate_bridge.ingress import Ingress
from restate_bridge.registration import Registrar
from restate_bridge.session_state import StateKeeper

# A page rather shows "the engine is away" than keep a person waiting.
_PAGE_TIMEOUT: Final = 1.5
# A decision is taken without the engine, so it waits for it even less.
_DECISION_TIMEOUT: Final = 1.0


@cache
def ingress() -> Ingress:
    """Return the client for Restate's ingress."""
    return Ingress(settings.RESTATE_INGRESS_URL)


@cache
def admin() -> Admin:
    """Return the client for the admin API, for work in the background."""
    return Admin(settings.RESTATE_ADMIN_URL)


@cache
def admin_for_pages() -> Admin:
    """Return the client for the admin API that pages use: it gives up early."""
    return Admin(settings.RESTATE_ADMIN_URL, timeout=_PAGE_TIMEOUT)


@cache
def endings() -> Endings:
    """Return what is asked, while somebody decides, whether the run goes on."""
    return Endings(settings.RESTATE_INGRESS_URL, timeout=_DECISION_TIMEOUT)


@cache
def control() -> Control:
    """Return the client that steers runs."""
    return Control(settings.RESTATE_ADMIN_URL)


@cache
def registrar() -> Registrar:
    """Return the client that registers and removes deployments."""
    return Registrar(settings.RESTATE_ADMIN_URL)


@cache
def state_keeper() -> StateKeeper:
    """Return the client that changes what sessions keep."""
    return StateKeeper(settings.RESTATE_ADMIN_URL)
