"""The two versions of the claims agent, to try an upgrade with.

Version 2 looks into the ledger before it asks anybody: one journaled step more. So a run that version 1 began can't go
on with it, nor the other way round, and each has to finish with its own.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from restate.ext.adk import restate_context

from agents.claims import tools
from agents.claims.claim import Claim
from agents.claims.ledger import count_paid

type Check = Callable[[Claim], Awaitable[dict[str, Any]]]


async def check_eligibility(claim: Claim) -> dict[str, Any]:
    """Check a claim against the rules for expenses, and whether it was paid before. Do this before reimbursing.

    Args:
        claim: the expense.
    """
    found = await tools.check_eligibility(claim)
    wanted = claim.model_dump(mode="json", include={"amount", "currency", "category", "date", "pay_to"})
    paid_before = await restate_context().run_typed("look for the same claim", lambda: count_paid(wanted))
    return found | {"paid_before": paid_before}


CHECKS: Final[dict[int, Check]] = {1: tools.check_eligibility, 2: check_eligibility}
