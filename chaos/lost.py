"""Lost: something that was asked for, decided or done, and has vanished.

- a run that the ingress confirmed and the engine does not know, or that ended and never made a request;
- an answered request about a lost receipt, still too large to be paid by rule, that was never followed by an approval;
- a decision that the web acknowledged, by that reviewer, which the database does not hold;
- a second thought that the web acknowledged, of which the database knows nothing; a decision that was taken back though
  its reviewer had no second thought; one without the line in the record that says so;
- a settled request without its settling decision, its delivery or its line in the record, or any request without the
  line of its announcement (withdrawn requests need no decision and no delivery);
- a request that was withdrawn though the agent did not ask anew: nobody ends a run in this storm;
- a standing decision that never reached the agent, or whose outcome the agent never reported: its delivery ended as
  *undeliverable* or *failed*, and should be *done*;
- a standing approval, or an answer that says to pay, without an effect.

*Standing* is a decision that settled a request, was not taken back, and whose request the agent has not asked anew
since (after a forged answer). A decision that its reviewer took back is not lost.
"""

from collections.abc import Iterator
from typing import Final

from chaos.facts import Facts, Finding, Request, Told
from chaos.owed import ASKS_ABOVE, reckon, share_of
from chaos.told import accounts

_DECIDED: Final = frozenset({"approved", "rejected", "answered", "expired"})
_NEVER_ARRIVED: Final = frozenset({"undeliverable", "failed"})


def lost(facts: Facts) -> list[Finding]:
    """Return everything that has vanished."""
    people = [*_decisions(facts), *_second_thoughts(facts)]
    return [*_runs(facts), *people, *_records(facts), *_deliveries(facts), *_effects(facts)]


def _runs(facts: Facts) -> Iterator[Finding]:
    known = {run.id: run for run in facts.runs}
    for asked in facts.asked:
        for run in sorted(asked.runs):
            ids = {"run": run, "session": asked.session}
            if run not in known:
                yield Finding(kind="lost", what="the engine does not know a run that it confirmed", ids=ids)
            elif known[run].status == "completed" and not facts.requests_by_run[run]:
                yield Finding(kind="lost", what="a run ended and never made a request", ids=ids)


def _decisions(facts: Facts) -> Iterator[Finding]:
    for account in accounts(facts):
        for taken in account.acknowledged[len(account.held) :]:
            what = f"a decision ({taken.outcome}) that the web acknowledged"
            yield Finding(kind="lost", what=what, ids=account.ids)


def _second_thoughts(facts: Facts) -> Iterator[Finding]:
    replaced = {request.id for request in facts.requests if request.superseded_by is not None}
    for account in accounts(facts):
        promised = account.times_told(Told.TAKEN_BACK)
        if account.request_id not in replaced:
            # Of a request that was asked anew nothing counts, taken back or not.
            promised += account.times_told(Told.NOTHING_COUNTS)
        if promised > account.taken_back:
            yield Finding(kind="lost", what="a second thought that the web acknowledged", ids=account.ids)
        if account.taken_back > len(account.second_thoughts):
            yield Finding(kind="lost", what="a decision that its reviewer never took back", ids=account.ids)


def _records(facts: Facts) -> Iterator[Finding]:
    for request in facts.requests:
        for what in _missing(facts, request):
            ids = {"request": request.id, "run": request.run}
            yield Finding(kind="lost", what=f"{what} of a request that is {request.status}", ids=ids)


def _missing(facts: Facts, request: Request) -> Iterator[str]:
    events = facts.events_by_request[request.id]
    if all(event.code != "request.announced" for event in events):
        yield "the record of the announcement"
    taken_back = sum(decision.taken_back for decision in facts.decisions_by_request[request.id])
    if sum(event.code == "decision.taken_back" for event in events) < taken_back:
        yield "the record of a second thought"
    if request.status != "pending" and all(event.status_to != request.status for event in events):
        yield "the record of the settlement"
    if request.status == "withdrawn" and request.superseded_by is None:
        yield "the request instead"
    if request.status in _DECIDED and facts.settling(request) is None:
        yield "the settling decision"
    if request.status in _DECIDED and not facts.deliveries_by_request[request.id]:
        yield "the delivery"


def _deliveries(facts: Facts) -> Iterator[Finding]:
    for run in facts.requests_by_run:
        for request, decision in facts.standing(run):
            for delivery in facts.deliveries_by_request[request.id]:
                if delivery.state in _NEVER_ARRIVED:
                    ids = {"request": request.id, "run": run, "decision": decision.id}
                    yield Finding(kind="lost", what=f"a standing decision, whose delivery is {delivery.state}", ids=ids)


def _effects(facts: Facts) -> Iterator[Finding]:
    for run in facts.requests_by_run:
        for debt in reckon(facts, run).unpaid:
            ids = {"request": debt.request_id, "run": run}
            yield Finding(kind="lost", what=f"the effect of a decision to pay {debt.amount:,.2f}", ids=ids)
        if standing := facts.standing(run):
            request, decision = standing[-1]
            if share_of(decision) * facts.amounts.get(run, 0.0) > ASKS_ABOVE:
                ids = {"request": request.id, "run": run}
                yield Finding(kind="lost", what="the approval that has to follow an answer to pay", ids=ids)
