"""Names of journaled steps that the inbox reads back from a run's journal."""

from typing import Final

from restate_bridge.contract.announcement import Kind

#: How the name of a step begins in which an agent acknowledges a decision.
ACKNOWLEDGING: Final = "acknowledge decision: "


def announce_step(kind: Kind, tool: str) -> str:
    """Return the name of the step in which an agent announces a request."""
    return f"announce {kind}: {tool}"


def acknowledge_step(tool: str) -> str:
    """Return the name of the step in which an agent verifies and acknowledges a decision."""
    return f"{ACKNOWLEDGING}{tool}"


def report_step(tool: str) -> str:
    """Return the name of the step in which an agent reports what came of a decision."""
    return f"report: {tool}"
