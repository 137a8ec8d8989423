"""Which engine it is, and what it can do. Read, never assumed: features depend on how its data folder was made."""

from dataclasses import dataclass

from restate_bridge.admin import Admin

_VQUEUES = "vqueues"


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """An engine's version, and the names of the features that are on."""

    version: str
    features: frozenset[str]

    @property
    def waits_can_be_paused(self) -> bool:
        """Whether pausing a run that waits changes anything; without the feature it is answered and ignored."""
        return _VQUEUES in self.features


def engine_version(admin: Admin) -> EngineVersion:
    """Return which engine this is.

    Raises:
        EngineAway, EngineRefused: see `restate_bridge.errors`.
    """
    answer = admin.get("/version")
    return EngineVersion(answer["version"], frozenset(name for name, is_on in answer["features"].items() if is_on))
