"""Wrong: something that contradicts what people decided.

- an effect that no standing decision asked for in this form: without an approval, with other arguments than the
  approved (possibly edited) ones, or on another person's word;
- a request whose status is not the outcome of its settling decision, or that was settled by a decision which differs
  from the one that the web acknowledged to the same reviewer (outcome, answer or edited amount);
- a run that failed, or whose last words contradict its last standing decision: they name another amount as paid, or
  none, or don't say that it was rejected;
- a refusal by the web that no reviewer should get: anything but "somebody was first", "withdrawn", "has ended",
  "the deadline has passed" and "changed while you were reading".
"""

import re
from collections.abc import Iterator
from typing import Final

from chaos.facts import Acknowledged, Decision, Facts, Finding, Run
from chaos.owed import owed_by, reckon

_PAID: Final = re.compile(r"(?P<amount>[\d,]+\.\d\d) [A-Z]{3} has been paid|Paid: (?P<by_rule>[\d,]+\.\d\d)")


def wrong(facts: Facts) -> list[Finding]:
    """Return everything that contradicts the decisions."""
    return [*_effects(facts), *_statuses(facts), *_taken(facts), *_answers(facts), *_refusals(facts)]


def paid_in(answer: str) -> float | None:
    """Return the amount that the agent says it has paid, None when it says that it paid nothing."""
    found = _PAID.search(answer)
    return float((found["amount"] or found["by_rule"]).replace(",", "")) if found else None


def _effects(facts: Facts) -> Iterator[Finding]:
    for run in facts.payments_by_run:
        for payment in reckon(facts, run).other:
            what = f"an effect that nobody decided on: {dict(payment.claim)}, on the word of {payment.approved_by}"
            yield Finding(kind="wrong", what=what, ids={"run": run, "payment": payment.id})


def _statuses(facts: Facts) -> Iterator[Finding]:
    for request in facts.requests:
        settling = facts.settling(request)
        if settling is not None and settling.outcome != request.status:
            what = f"a request is {request.status}, and was {settling.outcome}"
            yield Finding(kind="wrong", what=what, ids={"request": request.id, "decision": settling.id})


def _taken(facts: Facts) -> Iterator[Finding]:
    for taken in facts.acknowledged:
        for decision in facts.decisions_by_request[taken.request_id]:
            if decision.by == taken.reviewer and not _agree(taken, decision):
                what = f"the web acknowledged {taken.outcome} and holds {decision.outcome}, or other contents"
                ids = {"request": taken.request_id, "decision": decision.id, "reviewer": taken.reviewer}
                yield Finding(kind="wrong", what=what, ids=ids)


def _agree(taken: Acknowledged, decision: Decision) -> bool:
    kept = (decision.arguments or {}).get("claim", {}).get("amount")
    same_amount = taken.amount is None or taken.amount == kept
    return same_amount and (taken.outcome, taken.answer) == (decision.outcome, decision.answer)


def _answers(facts: Facts) -> Iterator[Finding]:
    for run in facts.runs:
        ids = {"run": run.id, "session": run.session}
        if run.failure:
            yield Finding(kind="wrong", what=f"a run failed: {run.failure[:200]}", ids=ids)
        elif run.answer and (problem := _contradiction(facts, run)):
            yield Finding(kind="wrong", what=f"{problem}: {run.answer[:200]!r}", ids=ids)


def _contradiction(facts: Facts, run: Run) -> str:
    owed, said = owed_by(facts, run.id), paid_in(run.answer)
    due = owed[-1].amount if owed else None
    if said != due:
        return f"{due} was decided, {said} is said to be paid"
    standing = facts.standing(run.id)
    request, decision = standing[-1] if standing else (None, None)
    if request and decision and request.kind == "approval" and decision.outcome == "rejected":
        return "" if f"{decision.by} rejected it" in run.answer else "a rejection is not told"
    return ""


def _refusals(facts: Facts) -> Iterator[Finding]:
    for refused in facts.refused:
        what = f"the web refused a decision with {refused.status}: {refused.excerpt}"
        yield Finding(kind="wrong", what=what, ids={"request": refused.request_id, "reviewer": refused.reviewer})
