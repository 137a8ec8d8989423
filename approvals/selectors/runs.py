"""What the engine says about a request's run, for a page that must not wait for it."""

from dataclasses import dataclass, field

from approvals.engine import admin_for_pages
from approvals.presentation.steps import Step, steps_of
from restate_bridge.errors import BridgeError
from restate_bridge.ids import MalformedId
from restate_bridge.introspection import Run, find_run, read_journal


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as a page shows it.

    Attributes:
        run: None when the engine does not know it, or is away.
        away: why nothing could be read, empty when the engine answered.
    """

    run: Run | None = None
    steps: list[Step] = field(default_factory=list)
    away: str = ""


def view_run(invocation_id: str) -> RunView:
    """Return a run and its steps; what goes wrong is part of the answer."""
    try:
        run = find_run(admin_for_pages(), invocation_id)
        return RunView(run=run, steps=steps_of(read_journal(admin_for_pages(), invocation_id)) if run else [])
    except (BridgeError, MalformedId) as error:
        return RunView(away=str(error))
