"""Doubled: something that may happen once and happened again.

- an effect that repeats one which a decision has been paid off with already;
- more than one settling decision on a request, more than one acknowledged to a reviewer as the effective one, or more
  than one settlement in its record; what was taken back since counts in none of these;
- more lines in the record that say so than decisions that were taken back;
- more than one record of the false answer to one awakeable;
- two requests of one run that waited for people at the same time. A request that replaces another may overlap with
  that one: both change in one transaction;
- more than one run for one idempotency key.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from chaos.facts import Facts, Finding, Request
from chaos.owed import reckon
from chaos.told import accounts


def doubled(facts: Facts) -> list[Finding]:
    """Return everything that happened more than once."""
    return [*_effects(facts), *_settlements(facts), *_takings_back(facts), *_waiting(facts), *_runs(facts)]


def _effects(facts: Facts) -> Iterator[Finding]:
    for run in facts.payments_by_run:
        for payment in reckon(facts, run).repeated:
            amount = float(payment.claim["amount"])
            what = f"an effect, {amount:,.2f}, that had been paid off already"
            yield Finding(kind="doubled", what=what, ids={"run": run, "payment": payment.id})


def _settlements(facts: Facts) -> Iterator[Finding]:
    counts = {
        "settling decisions": Counter(found.request_id for found in facts.decisions if found.counts),
        "decisions acknowledged as effective": _acknowledged(facts),
        "settlements in the record": _settled(facts),
        "records of one false answer": Counter(e.request_id for e in facts.events if e.code == "decision.invalid"),
    }
    for what, by_request in counts.items():
        for request_id, count in by_request.items():
            if count > 1:
                yield Finding(kind="doubled", what=f"{count} {what}", ids={"request": request_id})


def _acknowledged(facts: Facts) -> Counter[int]:
    counts: Counter[int] = Counter()
    for account in accounts(facts):
        counts[account.request_id] += account.still_acknowledged
    return counts


def _takings_back(facts: Facts) -> Iterator[Finding]:
    for request in facts.requests:
        lines = sum(event.code == "decision.taken_back" for event in facts.events_by_request[request.id])
        taken_back = sum(decision.taken_back for decision in facts.decisions_by_request[request.id])
        if lines > taken_back:
            what = f"{lines} records of {taken_back} decisions that were taken back"
            yield Finding(kind="doubled", what=what, ids={"request": request.id})


def _settled(facts: Facts) -> Counter[int]:
    """Count how often each request was settled, less how often that was taken back."""
    counts: Counter[int] = Counter()
    for event in facts.events:
        if event.status_to:
            counts[event.request_id] += -1 if event.status_to == "pending" else 1
    return counts


def _waiting(facts: Facts) -> Iterator[Finding]:
    for run, requests in facts.requests_by_run.items():
        for first, second in combinations(requests, 2):
            if first.superseded_by != second.id and _at_once(first, second):
                ids = {"run": run, "request": first.id, "other": second.id}
                yield Finding(kind="doubled", what="two requests of one run that waited at the same time", ids=ids)


def _at_once(first: Request, second: Request) -> bool:
    return first.settled_at is None or second.announced_at < first.settled_at


def _runs(facts: Facts) -> Iterator[Finding]:
    started = {asked.session: set(asked.runs) for asked in facts.asked}
    for run in facts.runs:
        started.setdefault(run.session, set()).add(run.id)
    for session, runs in started.items():
        if len(runs) > 1:
            what = f"{len(runs)} runs for one idempotency key: {', '.join(sorted(runs))}"
            yield Finding(kind="doubled", what=what, ids={"session": session})
