"""Services and their handlers, as the latest deployments brought them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from restate_bridge.admin import Admin
from restate_bridge.contract import SEALED


class Kind(StrEnum):
    """What a service is, in the engine's words."""

    SERVICE = "Service"
    OBJECT = "VirtualObject"
    WORKFLOW = "Workflow"


@dataclass(frozen=True, slots=True)
class Handler:
    """What can be called.

    Attributes:
        about: what its author wrote about it.
        takes: whether it takes an input; and whether it does without.
        schema: the JSON schema of the input, None where it is not known.
        runs_once: whether it runs once for each key, as the main handler of a workflow does. The engine refuses an
            idempotency key there: the key does the job.
    """

    name: str
    about: str = ""
    takes: bool = True
    can_do_without: bool = False
    schema: Mapping[str, Any] | None = None
    runs_once: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A service.

    Attributes:
        handlers: those that can be called from outside, by name.
        is_sealed: whether it opens what is sealed with a journal key.
    """

    name: str
    kind: Kind
    handlers: Sequence[Handler]
    is_sealed: bool = False

    @property
    def is_keyed(self) -> bool:
        """Whether a call names a key: of a virtual object or a workflow."""
        return self.kind is not Kind.SERVICE

    def handler(self, name: str) -> Handler | None:
        """Return a handler by its name."""
        return next((handler for handler in self.handlers if handler.name == name), None)


def list_services(admin: Admin) -> list[Service]:
    """Return the services that can be called from outside, by name.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    found = [_service(row) for row in admin.get("/services")["services"] if row.get("public", True)]
    return sorted((service for service in found if service.handlers), key=lambda service: service.name)


def _service(row: Mapping[str, Any]) -> Service:
    handlers = [_handler(handler) for handler in row["handlers"] if handler.get("public", True)]
    is_sealed = (row.get("metadata") or {}).get(SEALED) == "true"
    return Service(row["name"], Kind(row["ty"]), sorted(handlers, key=lambda handler: handler.name), is_sealed)


def _handler(row: Mapping[str, Any]) -> Handler:
    description, schema = row.get("input_description", ""), row.get("input_json_schema")
    return Handler(
        row["name"],
        about=row.get("documentation") or "",
        takes=description != "none",
        can_do_without="none" in description,
        schema=schema if isinstance(schema, Mapping) and schema else None,
        runs_once=row.get("ty") == Kind.WORKFLOW,
    )
