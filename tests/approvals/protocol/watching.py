"""Looks at the records around every step."""

from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist

from approvals.errors import ApprovalError
from approvals.rules.lifecycle import IllegalTransition
from tests.approvals.protocol.changes import wrong_changes
from tests.approvals.protocol.invariants import violations
from tests.approvals.protocol.racing import Call, outcome_of
from tests.approvals.protocol.records import differences, read_records
from tests.approvals.protocol.verdicts import broken_promises
from tests.approvals.protocol.world import World

#: How a verb says no. Anything else that it raises is a fault.
REFUSALS: Final = (ApprovalError, ObjectDoesNotExist, IllegalTransition)


def check_all(world: World) -> None:
    """Fail when anything is wrong with the records as they are, or with what agents were told."""
    records = read_records()
    wrong = [*violations(records), *broken_promises(world.told, records)]
    assert not wrong, "\n".join(wrong)


class Watch:
    """Holds the records as they were before the last step, and as they are."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.before = self.now = read_records()

    def step(self, call: Call) -> Any:
        """Return what a verb returned, or its refusal; fail when it left something wrong or changed what it refused."""
        outcome = outcome_of(call)
        self.before, self.now = self.now, read_records()
        if isinstance(outcome, REFUSALS):
            self.nothing_happened()
        elif isinstance(outcome, Exception):
            raise outcome
        wrong = [*violations(self.now), *wrong_changes(self.before, self.now)]
        wrong += broken_promises(self._world.told, self.now)
        assert not wrong, "\n".join(wrong)
        return outcome

    def nothing_happened(self) -> None:
        """Fail unless the last step left every row as it was."""
        changed = differences(self.before, self.now)
        assert not changed, "\n".join(changed)

    def at_most_told(self, code: str) -> None:
        """Fail unless all that the last step did, if anything, was to put one such line on record."""
        new = [row["code"] for key, row in self.now.events.items() if key not in self.before.events]
        assert new in ([], [code])
        assert len(differences(self.before, self.now)) == len(new)
