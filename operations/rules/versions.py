"""Which version of its service a run has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """A service's revision, as a run is pinned to it.

    Attributes:
        revision: from 1 on; None when its deployment is not there any more.
        is_latest: whether the service's next run gets it too.
    """

    revision: int | None
    is_latest: bool


def version_of(revision: int | None, latest: int | None) -> Version:
    """Return a run's version from its own revision and the newest of its service."""
    return Version(revision, is_latest=revision is not None and revision == latest)
