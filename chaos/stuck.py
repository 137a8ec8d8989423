"""Stuck: something that has not come to its end once nothing has been killed for a bounded time.

- a message that Restate's ingress never took, or a run that is not completed;
- a request that is still pending;
- a delivery that is not *done*, *failed* or *undeliverable*, or that the courier has still to look at.
"""

from collections.abc import Iterator
from typing import Final

from chaos.facts import Facts, Finding

_ENDS: Final = frozenset({"done", "failed", "undeliverable"})


def stuck(facts: Facts) -> list[Finding]:
    """Return everything that is still under way; none when all has come to rest."""
    return [*_runs(facts), *_requests(facts), *_deliveries(facts)]


def _runs(facts: Facts) -> Iterator[Finding]:
    for asked in facts.asked:
        if not asked.runs:
            yield Finding(kind="stuck", what="a message that no ingress took", ids={"session": asked.session})
    for run in facts.runs:
        if run.status != "completed":
            ids = {"run": run.id, "session": run.session}
            yield Finding(kind="stuck", what=f"a run that is {run.status}", ids=ids)


def _requests(facts: Facts) -> Iterator[Finding]:
    for request in facts.requests:
        if request.status == "pending":
            yield Finding(kind="stuck", what="a request is pending", ids={"request": request.id, "run": request.run})


def _deliveries(facts: Facts) -> Iterator[Finding]:
    for delivery in facts.deliveries:
        if delivery.due or delivery.state not in _ENDS:
            what = f"a delivery that is {delivery.state}" + (" and due" if delivery.due else "")
            yield Finding(kind="stuck", what=what, ids={"request": delivery.request_id})
