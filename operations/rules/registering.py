"""What registering an address would change, and what it would break."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from restate_bridge.listed_run import RunState
from restate_bridge.registration import Registration, ServiceCode


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """What becomes of one service. Handlers are named in their order.

    Attributes:
        before: the revision that its new runs get now; None for a service that nobody knew.
        after: the one that they would get.
        kind_before, kind: what sort of service it is; they differ where it changes.
    """

    name: str
    kind: str
    after: int
    before: int | None = None
    kind_before: str = ""
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()

    @property
    def changes_kind(self) -> bool:
        """Whether its keys and queues would no longer be what they are."""
        return bool(self.kind_before) and self.kind_before != self.kind


@dataclass(frozen=True, slots=True)
class Plan:
    """What registering an address would do.

    Attributes:
        overwrites: the id of the deployment whose code would be another; empty when none is touched.
        services: what would change, service by service; empty when nothing would.
        lost: services that the overwritten deployment would no longer have.
        left: services that stay where they are, on deployments that lose another of theirs: those are not drained.
    """

    overwrites: str = ""
    services: tuple[ServiceChange, ...] = ()
    lost: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether there would be anything new."""
        return bool(self.services or self.lost)

    @property
    def is_confirmed_by_typing(self) -> bool:
        """Whether runs that go on now, calls that are to come, or sessions as they are, break."""
        return bool(self.overwrites) or any(change.changes_kind or change.vanished for change in self.services)

    @property
    def breaks_nothing(self) -> bool:
        """Whether all that calls these services finds what it did before, as far as it shows from outside."""
        return not self.is_confirmed_by_typing and not any(change.changed for change in self.services)

    @property
    def replaced(self) -> list[str]:
        """The services that were there before: what has not begun with the older code begins with the newer."""
        return [change.name for change in self.services if change.before]

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        return sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NotBegun:
    """The runs of a service that have not taken a step, and so begin with the new code.

    Attributes:
        states: how many there are in each state.
        stranded: how many of them are calls of handlers that vanish.
    """

    states: Mapping[RunState, int] = field(default_factory=dict)
    stranded: int = 0

    @property
    def runs(self) -> int:
        """How many there are in all."""
        return sum(self.states.values())


def not_begun(change: ServiceChange, counted: Mapping[str, Mapping[RunState, int]]) -> NotBegun:
    """Return what becomes of a service's runs that have not begun, counted by their handlers and states."""
    together: Counter[RunState] = Counter()
    for states in counted.values():
        together.update(states)
    return NotBegun(together, sum(sum(counted.get(handler, {}).values()) for handler in change.vanished))


def plan_of(
    tried: Registration, newest: Mapping[str, ServiceCode], there: Sequence[ServiceCode], homes: Sequence[set[str]]
) -> Plan:
    """Return what a dry run says would happen.

    Args:
        tried: the dry run.
        newest: each service as its new runs get it now.
        there: what the deployment at that address holds now; empty when nobody knows it.
        homes: for each deployment, which services' new runs go there.
    """
    known = {service.name: service.revision for service in there}
    changes = [service for service in tried.services if tried.is_new or known.get(service.name) != service.revision]
    moved, brought = {service.name for service in changes}, {service.name for service in tried.services}
    lost = set(known) - brought
    left = {name for home in homes if home & moved for name in home - brought - lost}
    return Plan(
        overwrites=tried.deployment if not tried.is_new and (changes or lost) else "",
        services=tuple(_change(service, newest.get(service.name)) for service in changes),
        lost=tuple(sorted(lost)),
        left=tuple(sorted(left)),
    )


def _change(service: ServiceCode, before: ServiceCode | None) -> ServiceChange:
    if before is None:
        return ServiceChange(service.name, service.kind, service.revision, added=tuple(sorted(service.handlers)))
    both = sorted(service.handlers.keys() & before.handlers.keys())
    return ServiceChange(
        service.name,
        service.kind,
        service.revision,
        before=before.revision,
        kind_before=before.kind,
        added=tuple(sorted(service.handlers.keys() - before.handlers.keys())),
        changed=tuple(name for name in both if service.handlers[name] != before.handlers[name]),
        vanished=tuple(sorted(before.handlers.keys() - service.handlers.keys())),
    )
