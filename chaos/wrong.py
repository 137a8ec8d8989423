"""Wrong: something that contradicts what people decided.

- an effect that no standing decision asked for in this form: without an approval, with other arguments than the
  approved (possibly edited) ones, on another person's word, or on that of a decision that was taken back;
- a decision that was taken back and set out all the same: sent, or received by the agent;
- a decision that does not count, though its reviewer was told that it was on its way and could not be taken back;
- a request whose status is not the outcome of its settling decision, or that was settled by a decision which differs
  from the one that the web acknowledged to the same reviewer (outcome, answer or edited amount);
- a run that failed, or whose last words contradict its last standing decision: they name another amount as paid, or
  none, or don't say that it was rejected;
- a refusal by the web that no reviewer should get: anything but "somebody was first", "withdrawn", "has ended",
  "the deadline has passed" and "changed while you were reading"; to a second thought, anything but "on its way" and
  "there is no decision of yours here".
"""

import re
from collections.abc import Iterator
from typing import Final

from chaos.facts import Facts, Finding, Run, Told
from chaos.owed import owed_by, owed_once, reckon
from chaos.told import accounts

_SET_OUT: Final = frozenset({"delivery.sent", "delivery.received", "decision.refused"})
_PAID: Final = re.compile(r"(?P<amount>[\d,]+\.\d\d) [A-Z]{3} has been paid|Paid: (?P<by_rule>[\d,]+\.\d\d)")


def wrong(facts: Facts) -> list[Finding]:
    """Return everything that contradicts the decisions."""
    decisions = [*_statuses(facts), *_taken(facts), *_taken_back(facts)]
    return [*_effects(facts), *decisions, *_answers(facts), *_refusals(facts)]


def paid_in(answer: str) -> float | None:
    """Return the amount that the agent says it has paid, None when it says that it paid nothing."""
    found = _PAID.search(answer)
    return float((found["amount"] or found["by_rule"]).replace(",", "")) if found else None


def _effects(facts: Facts) -> Iterator[Finding]:
    for run in facts.payments_by_run:
        for payment in reckon(facts, run).other:
            withdrawn = any(debt.is_met_by(payment) for debt in owed_once(facts, run))
            why = "of a decision that was taken back" if withdrawn else "that nobody decided on"
            what = f"an effect {why}: {dict(payment.claim)}, on the word of {payment.approved_by}"
            yield Finding(kind="wrong", what=what, ids={"run": run, "payment": payment.id})


def _statuses(facts: Facts) -> Iterator[Finding]:
    for request in facts.requests:
        settling = facts.settling(request)
        if settling is not None and settling.outcome != request.status:
            what = f"a request is {request.status}, and was {settling.outcome}"
            yield Finding(kind="wrong", what=what, ids={"request": request.id, "decision": settling.id})


def _taken(facts: Facts) -> Iterator[Finding]:
    for account in accounts(facts):
        if taken := account.contradicted:
            held = " and ".join(decision.outcome for decision in account.held)
            what = f"the web acknowledged {taken.outcome} and holds {held}, or other contents"
            yield Finding(kind="wrong", what=what, ids=account.ids)


def _taken_back(facts: Facts) -> Iterator[Finding]:
    for account in accounts(facts):
        if account.times_told(Told.ON_ITS_WAY) > sum(decision.counts for decision in account.held):
            what = "a decision does not count that the web said was on its way"
            yield Finding(kind="wrong", what=what, ids=account.ids)
    taken_back = {decision.id for decision in facts.decisions if decision.taken_back}
    for event in facts.events:
        if event.code in _SET_OUT and event.decision in taken_back:
            ids = {"request": event.request_id, "decision": event.decision}
            yield Finding(kind="wrong", what=f"a decision that was taken back: {event.code}", ids=ids)


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
