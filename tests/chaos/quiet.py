"""A storm in which nothing went amiss: one run of each sort, and what there is to know about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chaos.facts import (
    Acknowledged,
    Asked,
    Decision,
    Delivery,
    Event,
    Facts,
    Payment,
    Request,
    Run,
    SecondThought,
    Told,
)

_NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
_CODES = {"approved": "request.approved", "rejected": "request.rejected", "answered": "request.answered"}


def claim(amount: float) -> dict[str, Any]:
    """Return a claim's arguments."""
    return {"amount": amount, "currency": "USD", "reason": "Four nights"}


def approved(run: str = "inv_a", number: int = 1, asked: float = 1_800, paid: float | None = None) -> Facts:
    """A claim that Ann approves, with another amount when ``paid`` says so."""
    amount = asked if paid is None else paid
    facts = _settled(run, number, asked, "approved", arguments={"claim": claim(amount)})
    words = "approved it" if paid is None else "approved it with changes (amount)"
    return replace(
        facts,
        acknowledged=[Acknowledged(request_id=number, reviewer="ann", outcome="approved", amount=paid)],
        runs=[Run(id=run, session=run, status="completed", answer=f"ann {words}. {amount:,.2f} USD has been paid.")],
        payments=[Payment(id=f"{run}/1", run=run, approved_by="ann", claim=claim(amount))],
    )


def rejected(run: str = "inv_r", number: int = 2) -> Facts:
    """A claim that Ann rejects."""
    answer = "ann rejected it: no receipt Nothing was paid."
    return replace(
        _settled(run, number, 1_900, "rejected"),
        acknowledged=[Acknowledged(request_id=number, reviewer="ann", outcome="rejected")],
        runs=[Run(id=run, session=run, status="completed", answer=answer)],
    )


def halved(run: str = "inv_h", number: int = 3) -> Facts:
    """A lost receipt, of which Ann has half paid."""
    return replace(
        _settled(run, number, 1_320, "answered", kind="question", answer="Pay half"),
        acknowledged=[Acknowledged(request_id=number, reviewer="ann", outcome="answered", answer="Pay half")],
        runs=[Run(id=run, session=run, status="completed", answer="Paid: 660.00 USD for meals, as ann decided.")],
        payments=[Payment(id=f"{run}/leave", run=run, approved_by="ann", claim=claim(660))],
    )


def asked_again(run: str = "inv_f", number: int = 4) -> Facts:
    """A claim whose first request was approved too late: the agent had got a forged answer, and asked again."""
    late = _settled(run, number, 1_700, "approved", arguments={"claim": claim(1_700)})
    first = replace(late.requests[0], superseded_by=number + 1)
    late = replace(late, requests=[first], deliveries=[Delivery(request_id=number, state="undeliverable")], asked=[])
    return together(late, later(approved(run, number + 1, 1_700)))


def taken_back(run: str = "inv_t", number: int = 7, told: Told = Told.TAKEN_BACK) -> Facts:
    """A claim that Ann approves; then she takes that back, and rejects it."""
    facts = rejected(run, number)
    first = replace(facts.decisions[0], id=f"d{number}-first", outcome="approved", settles=False, taken_back=True)
    first = replace(first, arguments={"claim": claim(1_900)})
    announced, settled = facts.events
    before = Event(request_id=number, code="request.approved", status_to="approved", decision=first.id)
    undone = Event(request_id=number, code="decision.taken_back", status_to="pending", decision=first.id)
    taken = Acknowledged(request_id=number, reviewer="ann", outcome="approved")
    return replace(
        facts,
        acknowledged=[taken, *facts.acknowledged],
        second_thoughts=[SecondThought(request_id=number, reviewer="ann", told=told)],
        decisions=[first, *facts.decisions],
        events=[announced, before, undone, settled],
    )


def quiet() -> Facts:
    """All of these at once."""
    edited = approved("inv_e", 6, 2_400, paid=1_500)
    return together(approved(), rejected(), halved(), asked_again(), edited, taken_back())


def later(facts: Facts) -> Facts:
    """Return the facts with requests that were made after those of all others had been settled."""
    announced, settled = _NOON + timedelta(minutes=2), _NOON + timedelta(minutes=3)
    requests = [replace(request, announced_at=announced, settled_at=settled) for request in facts.requests]
    return replace(facts, requests=requests)


def together(*parts: Facts) -> Facts:
    """Return the facts of several runs as one."""
    return Facts(**{name: [one for part in parts for one in getattr(part, name)] for name in Facts.__annotations__})


def _settled(
    run: str,
    number: int,
    asked: float,
    outcome: str,
    *,
    kind: str = "approval",
    answer: str = "",
    arguments: dict[str, Any] | None = None,
) -> Facts:
    request = Request(
        id=number,
        run=run,
        kind=kind,
        status=outcome,
        arguments={"claim": claim(asked)},
        announced_at=_NOON,
        settled_at=_NOON + timedelta(minutes=1),
    )
    decision = Decision(
        id=f"d{number}",
        request_id=number,
        by="ann",
        outcome=outcome,
        settles=True,
        answer=answer,
        arguments=arguments,
    )
    announced = Event(request_id=number, code="request.announced")
    settled = Event(request_id=number, code=_CODES[outcome], status_to=outcome)
    return Facts(
        asked=[Asked(session=run, amount=asked, runs=frozenset({run}))],
        requests=[request],
        decisions=[decision],
        deliveries=[Delivery(request_id=number, state="done")],
        events=[announced, settled],
    )
