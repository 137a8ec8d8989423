"""What ``make chaos`` is told."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from embedded.errors import SetupError

_MOST_REQUESTS: Final = 2_000
_LONGEST: Final = 120.0


@dataclass(frozen=True)
class Options:
    """How large a storm.

    Attributes:
        requests: how many messages are sent to agents; each makes a run that asks at least once.
        minutes: for how long processes are killed.
        nodes: how many Restate servers, 1 or 3.
        seed: of all random choices. What they meet depends on the machine too.
    """

    requests: int
    minutes: float
    nodes: int
    seed: str

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Read them as they stand on the command line; an empty seed makes one.

        Raises:
            SetupError: one is no number, or too small or too large.
        """
        return cls(
            requests=int(_number("REQUESTS", given["requests"], 1, _MOST_REQUESTS, whole=True)),
            minutes=_number("MINUTES", given["minutes"], 0.1, _LONGEST),
            nodes=_nodes(given["cluster"]),
            seed=given["seed"] or str(random.SystemRandom().randrange(1_000_000)),
        )


def _number(name: str, text: str, least: float, most: float, *, whole: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise SetupError(f"{name} is {text!r}, but must be {kind} from {least:g} to {most:g}.")
    return value


def _nodes(text: str) -> int:
    if text not in {"1", "3"}:
        raise SetupError(f"CLUSTER is {text!r}, but must be 1 (a single Restate server) or 3 (a cluster).")
    return int(text)
