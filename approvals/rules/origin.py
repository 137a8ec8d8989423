"""How a request came into the inbox."""

from enum import StrEnum


class Origin(StrEnum):
    """``announced``: by the agent that waits. ``found``: nobody announced that a run waits, and the engine tells.

    What is decided on a found one is sent as it is, a JSON value or a text, since its code knows of no signed decision.
    """

    ANNOUNCED = "announced"
    FOUND = "found"
