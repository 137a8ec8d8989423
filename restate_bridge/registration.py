"""Bringing code to the engine and taking it away: what an address offers, what registering it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from restate_bridge.admin import Admin
from restate_bridge.errors import EngineAway, EngineRefused
from restate_bridge.http import RestateHttp
from restate_bridge.ids import MalformedId, is_deployment_id

# The engine tries an address that does not answer several times before it says so.
_TIMEOUT: Final = 15.0
_CREATED: Final = 201


@dataclass(frozen=True, slots=True)
class ServiceCode:
    """One service as a deployment has it.

    Attributes:
        kind: ``Service``, ``VirtualObject`` or ``Workflow``.
        handlers: what can be told of each from outside, by its name: whether it is shared, what it takes and returns.
    """

    name: str
    kind: str
    revision: int
    handlers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registration:
    """What came of registering an address, or of trying it.

    Attributes:
        deployment: its id; of a dry run at an address that nobody knew, one that will not be used.
        is_new: whether nobody knew the address; if it was known, nothing was changed unless it was forced.
        services: what the deployment holds afterwards, with the revisions that it has then.
    """

    deployment: str
    is_new: bool
    services: Sequence[ServiceCode]


class Registrar:
    """Registers and removes deployments. Safe to share between threads."""

    def __init__(self, admin_url: str, *, timeout: float = _TIMEOUT) -> None:
        """Make it; ``timeout`` is in seconds."""
        self._http = RestateHttp(admin_url, timeout=timeout)

    def register(self, uri: str, *, force: bool, dry_run: bool) -> Registration:
        """Have the engine ask the endpoint at ``uri`` what it serves, and keep that unless it is a dry run.

        Args:
            force: overwrite what is registered at that address, and let services change their kind.

        Raises:
            EngineRefused: also when it is the endpoint that does not answer: the engine says so in its own words.
            EngineAway: no answer; what was asked for may have been done.
        """
        # The engine's own defaults differ from version to version: each is said.
        body = {"uri": uri, "force": force, "breaking": force, "dry_run": dry_run}
        response = _heard(self._http.send("POST", "/deployments", json=body))
        answer = response.json()
        return Registration(answer["id"], response.status_code == _CREATED, _services(answer["services"]))

    def remove(self, deployment_id: str) -> int:
        """Remove a deployment, whatever depends on it, and return the status. There is no other way: unforced is 501.

        Raises:
            MalformedId: the id has not the form of one.
            EngineRefused, EngineAway: see `restate_bridge.errors`.
        """
        path = f"/deployments/{_checked(deployment_id)}"
        return _heard(self._http.send("DELETE", path, params={"force": "true"})).status_code


def newest_services(admin: Admin) -> dict[str, ServiceCode]:
    """Return each service as its next run gets it, by its name.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return {service.name: service for service in _services(admin.get("/services")["services"])}


def services_of(admin: Admin, deployment_id: str) -> list[ServiceCode]:
    """Return the services of a deployment.

    Raises:
        MalformedId: the id has not the form of one.
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    return _services(admin.get(f"/deployments/{_checked(deployment_id)}")["services"])


def _services(rows: Sequence[Mapping[str, Any]]) -> list[ServiceCode]:
    found = [
        ServiceCode(row["name"], row["ty"], row["revision"], {handler["name"]: handler for handler in row["handlers"]})
        for row in rows
    ]
    return sorted(found, key=lambda service: service.name)


def _heard(response: httpx.Response) -> httpx.Response:
    """Return an answer that is none of refusal.

    An endpoint that does not answer is a 500 of the engine's, with a code; a 5xx without one is the engine in trouble.
    """
    if response.is_success:
        return response
    try:
        answer = response.json()
    except ValueError:
        answer = {}
    said = answer.get("message") if isinstance(answer, dict) else None
    if response.status_code >= 500 and not (said and answer.get("restate_code")):
        raise EngineAway(f"Restate answered {response.status_code}: {response.text[:300]}")
    raise EngineRefused(response.status_code, str(said or response.text[:300]))


def _checked(deployment_id: str) -> str:
    if not is_deployment_id(deployment_id):
        raise MalformedId(f"{deployment_id!r} is not the id of a deployment")
    return deployment_id
