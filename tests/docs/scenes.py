"""What is called of each example of docs/agents.md, what people are asked and decide, and what comes of it."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, override

from restate_bridge.contract import Outcome

BY: Final = "Rita Reviewer"


@dataclass(frozen=True)
class Asked:
    """A request that people see, and what they make of it.

    Attributes:
        decided: how; None leaves it to the agent to take it back.
        shows: what else it shows: some fields of the announcement.
        more: what the decision holds besides: an answer, a note, other arguments.
    """

    title: str
    decided: Outcome | None = Outcome.APPROVED
    shows: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """One call of an example's tool by an agent.

    Attributes:
        given: the arguments.
        told: what the model is told of it.
        asked: the requests, in the order in which they are decided.
        first: what is called before, in the same answer of the model.
        steps: steps that the journal has to hold, in this order.
        service, tool: what is called, where it is not the example itself.
    """

    example: str
    given: dict[str, Any]
    told: Any
    asked: tuple[Asked, ...] = ()
    first: str = ""
    steps: tuple[str, ...] = ()
    service: str = "Guide"
    tool: str = ""

    @property
    def message(self) -> str:
        """What is said to the agent."""
        return f"{self.first}\n{self.tool or self.example} {json.dumps(self.given)}".strip()


@dataclass(frozen=True)
class Like:
    """Any text of a pattern."""

    pattern: str

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None


def approved(result: Any, **more: Any) -> dict[str, Any]:
    """Return what is told of a call that was approved."""
    return {"status": "approved", "result": result, "decided_by": BY, **more}


def rejected(reason: str, **more: Any) -> dict[str, Any]:
    """Return what is told of a call that was rejected."""
    return {"status": "rejected", "reason": reason, "decided_by": BY, **more}


def _invoice(amount: float) -> dict[str, Any]:
    return {"supplier": "Acme", "amount": amount, "note": ""}


def _stages(*stages: tuple[int, list[str], list[str]]) -> list[dict[str, Any]]:
    return [{"after_seconds": after, "groups": groups, "remind": remind} for after, groups, remind in stages]


_EXPIRED: Final = {
    "status": "expired",
    "note": "Nobody decided before the deadline. Nothing was done; nobody said no.",
}
_HELD: Final = 'hold_seats {"show": "Aida", "number": 2}'
_SEATS: Final = {"show": "Aida", "price": 80.0}
_FOR_SEATS: Final = "Pay 80.00 EUR for Aida"
_PICKUP: Final = {"question": "Where is A-17 picked up?"}
_ADDRESS: Final = {"address": "Mill Lane 3", "on": "2026-11-23", "parcels": 3}
_SHORT: Final = {**_ADDRESS, "address": "3"}
_SLIP: Final = {"name": "slip.txt", "media_type": "text/plain"}
_TOTALS: Final = {"name": "totals-May.csv", "media_type": "text/csv"}


def _for_team(title: str, team: str, decided: Outcome | None = Outcome.APPROVED, **more: Any) -> Asked:
    return Asked(title, decided, {"groups": [team]}, more)


_TOOLS: Final = [
    Scene("pay", {"invoice": _invoice(900)}, {"paid": 900.0}, steps=("pay",)),
    Scene(
        "pay",
        {"invoice": _invoice(1_500)},
        {
            "status": "approved_with_changes",
            "result": {"paid": 1_200.0},
            "decided_by": BY,
            "note": "Less the discount.",
            "changed": {"invoice.amount": {"from": 1_500.0, "to": 1_200.0}},
        },
        (
            Asked(
                "Pay 1,500.00 EUR to Acme",
                shows={
                    "risk": "medium",
                    "groups": ["finance"],
                    "quorum": 1,
                    "deadline_seconds": 3 * 86_400,
                    "editable": ["invoice.amount", "invoice.note"],
                    "reject_reasons": ["The goods have not arrived.", "The invoice was paid already."],
                },
                more={"arguments": {"invoice": _invoice(1_200)}, "note": "Less the discount."},
            ),
        ),
    ),
    Scene(
        "pay",
        {"invoice": _invoice(25_000)},
        rejected("The goods have not arrived."),
        (
            Asked(
                "Pay 25,000.00 EUR to Acme",
                Outcome.REJECTED,
                {"risk": "high", "quorum": 2},
                {"note": "The goods have not arrived."},
            ),
        ),
    ),
    Scene("pay", {"invoice": {"supplier": "Acme"}}, {"error": Like("(?s)pay can't be called .*correct them.*")}),
    Scene(
        "delete_bucket",
        {"name": "photos"},
        _EXPIRED,
        (
            Asked(
                "Delete the bucket photos",
                Outcome.EXPIRED,
                {
                    "groups": ["platform"],
                    "deadline_seconds": 2 * 86_400,
                    "escalations": _stages((4 * 3_600, [], ["platform"]), (86_400, ["managers"], ["managers"])),
                },
            ),
        ),
    ),
    Scene("delete_bucket", {"name": "photos"}, approved("photos is gone"), (Asked("Delete the bucket photos"),)),
    Scene(
        "choose_hotel",
        {"city": "Lisbon"},
        "Harbour",
        (
            Asked(
                "Which hotel in Lisbon?",
                Outcome.ANSWERED,
                {
                    "kind": "question",
                    "groups": ["assistants"],
                    "deadline_seconds": 12 * 3_600,
                    "question": {"text": "Which hotel in Lisbon?", "choices": ["Harbour", "Old Town"]},
                },
                {"answer": "Harbour"},
            ),
        ),
    ),
    Scene(
        "choose_hotel",
        {"city": "Lisbon"},
        "Nobody chose: expired.",
        (Asked("Which hotel in Lisbon?", Outcome.EXPIRED),),
    ),
    Scene(
        "arrange_pickup",
        {"order": "A-17", "parcels": 2},
        "3 parcels at Mill Lane 3 on 23 November.",
        (
            Asked(_PICKUP["question"], Outcome.ANSWERED, more={"arguments": {**_PICKUP, "answer": _SHORT}}),
            Asked(_PICKUP["question"], Outcome.ANSWERED, more={"arguments": {**_PICKUP, "answer": _ADDRESS}}),
        ),
    ),
    Scene(
        "arrange_pickup",
        {"order": "A-17", "parcels": 2},
        "Nobody said where: rejected.",
        (Asked(_PICKUP["question"], Outcome.REJECTED, {"editable": ["answer"]}),),
    ),
    Scene(
        "front_desk",
        {"question": "Is the pool open?", "choices": ["yes", "no"]},
        {"status": "answered", "answer": "yes", "decided_by": BY},
        (Asked("Is the pool open?", Outcome.ANSWERED, {"groups": ["front-desk"]}, {"answer": "yes"}),),
        service="FrontDesk",
        tool="ask_a_person",
    ),
    Scene(
        "pay_back",
        {"amount": 40, "slip": "slip.txt"},
        approved({"paid": 40.0}),
        (Asked("Pay back 40.00 EUR", shows={"files": [_SLIP]}),),
        first='keep {"name": "slip.txt"}',
    ),
    Scene(
        "check_totals",
        {"month": "May"},
        "yes",
        (Asked("Are the totals of May right?", Outcome.ANSWERED, {"files": [_TOTALS]}, {"answer": "yes"}),),
    ),
    Scene(
        "transfer",
        {"account": "4711", "amount": 7},
        approved({"idempotency_key": Like(r"s-\w+/adk-[\w-]+"), "approved_by": BY}),
        (Asked("Send 7.00 EUR to 4711"),),
        steps=("transfer",),
    ),
    Scene(
        "move",
        {"host": "web-1"},
        approved({"rack": "B4"}),
        (
            Asked("Move web-1 to another rack"),
            Asked("web-1 is drained. Which rack?", Outcome.ANSWERED, more={"answer": "B4"}),
        ),
        steps=("drain",),
    ),
    Scene("rate", {"currency": "USD"}, 0.9, steps=("rate",)),
    Scene("stock", {"article": "lamp"}, 4, steps=("stock",)),
    Scene(
        "order",
        {"article": "lamp", "number": 3},
        approved("3 of lamp are on their way"),
        (Asked("Order 3 of lamp"),),
    ),
    Scene("hold_seats", {"show": "Aida", "number": 2}, {"hold": Like("Aida/adk-.*"), "price": 80.0}),
    Scene("pay_seats", _SEATS, approved("paid"), (Asked(_FOR_SEATS),), first=_HELD, steps=("hold_seats", "pay_seats")),
    Scene(
        "pay_seats",
        _SEATS,
        rejected("Too dear.", undone=["hold_seats"]),
        (Asked(_FOR_SEATS, Outcome.REJECTED, more={"note": "Too dear."}),),
        first=_HELD,
        steps=("hold_seats", "undo: hold_seats"),
    ),
    Scene(
        "order_all",
        {"wanted": {"lamp": 12, "desk": 2, "chair": 20}},
        [
            rejected("We have lamps."),
            {"status": "not_needed", "result": "2 of desk are on their way"},
            approved("20 of chair are on their way"),
        ],
        (
            Asked("Order 20 of chair"),
            Asked("Order 12 of lamp", Outcome.REJECTED, more={"note": "We have lamps."}),
        ),
    ),
    Scene(
        "open_port_when_agreed",
        {"port": 443},
        approved(
            "443 is open",
            teams={
                "operations": {"status": "approved", "decided_by": BY},
                "security": {"status": "approved", "decided_by": BY},
            },
        ),
        (_for_team("Open port 443", "operations"), _for_team("Open port 443", "security")),
    ),
    Scene(
        "open_port_when_agreed",
        {"port": 23},
        rejected("Nobody needs telnet.", teams={"security": {"status": "rejected", "decided_by": BY}}),
        (
            _for_team("Open port 23", "security", Outcome.REJECTED, note="Nobody needs telnet."),
            _for_team("Open port 23", "operations", None),
        ),
    ),
    Scene(
        "restart_when_somebody_agrees",
        {"host": "web-1"},
        {
            "status": "approved_with_changes",
            "result": "web-1 restarts in 10 minutes",
            "decided_by": BY,
            "changed": {"after_minutes": {"from": 0, "to": 10}},
            "teams": {"on-call": {"status": "approved", "decided_by": BY}},
        },
        (
            _for_team("Restart web-1", "on-call", arguments={"host": "web-1", "after_minutes": 10}),
            _for_team("Restart web-1", "operations", None),
        ),
    ),
    Scene(
        "restart_when_somebody_agrees",
        {"host": "web-1"},
        rejected("Not today.", teams={"operations": {"status": "rejected", "decided_by": BY}}),
        (
            _for_team("Restart web-1", "operations", Outcome.REJECTED, note="Not today."),
            _for_team("Restart web-1", "on-call", None),
        ),
    ),
    Scene("consult", {"contract": "a lease"}, ["I have read it.", "I have read it."]),
    Scene("words", {"word": "tort"}, "tort: a word.", service="Words", tool="lookup"),
]
SCENES: Final = {f"{scene.example}-{number}": scene for number, scene in enumerate(_TOOLS)}
