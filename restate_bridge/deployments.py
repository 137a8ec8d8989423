"""Deployments: which code there is, and which of it a service's next run gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from restate_bridge.admin import Admin


@dataclass(frozen=True, slots=True)
class Deployment:
    """Code that Restate knows, at one address.

    Attributes:
        uri: where it answers; of one that runs as a function, its name there.
        sdk: what it is written with, such as ``restate-sdk-python/1.3.0``.
        protocol: the lowest and the highest version of Restate's protocol that it speaks, such as ``(5, 7)``.
        transport: ``BidiStream`` or ``RequestResponse``, empty for a function.
        services: the revision of each service that it brought, by the service's name, in the order of names.
    """

    id: str
    uri: str
    created_at: datetime
    sdk: str = ""
    protocol: tuple[int, int] = (0, 0)
    transport: str = ""
    services: Mapping[str, int] = field(default_factory=dict)


def list_deployments(admin: Admin) -> list[Deployment]:
    """Return all deployments, newest first.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    found = [
        Deployment(
            id=row["id"],
            uri=row.get("uri") or row.get("arn", ""),
            created_at=datetime.fromisoformat(row["created_at"]),
            sdk=row.get("sdk_version") or "",
            protocol=(row["min_protocol_version"], row["max_protocol_version"]),
            transport=row.get("protocol_type") or "",
            services=dict(sorted((service["name"], service["revision"]) for service in row["services"])),
        )
        for row in admin.get("/deployments")["deployments"]
    ]
    return sorted(found, key=lambda deployment: deployment.created_at, reverse=True)


def latest_revisions(deployments: Sequence[Deployment]) -> dict[str, int]:
    """Return the revision of each service that its next run gets."""
    newest: dict[str, int] = {}
    for deployment in deployments:
        for service, revision in deployment.services.items():
            newest[service] = max(revision, newest.get(service, 0))
    return newest
