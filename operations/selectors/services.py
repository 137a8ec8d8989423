"""What can be called."""

from approvals.engine import admin_for_pages
from operations.rules.talking import is_talk
from operations.selectors.engine import shared
from restate_bridge.services import Handler, Kind, Service, list_services


def services_now() -> list[Service]:
    """Return the services that can be called, by name.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return shared(_services)


def service_now(name: str) -> Service | None:
    """Return a service; None when there is none of that name that can be called.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return next((service for service in services_now() if service.name == name), None)


def talkers(services: list[Service]) -> list[tuple[Service, Handler]]:
    """Return the handlers of virtual objects that one can talk to: agents. A key of theirs is a session."""
    return [
        (service, handler)
        for service in services
        for handler in service.handlers
        if service.kind is Kind.OBJECT and is_talk(handler)
    ]


def _services() -> list[Service]:
    return list_services(admin_for_pages())
