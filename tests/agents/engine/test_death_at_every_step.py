"""Each sample with its agents killed with -9 before each event of its journal: the same answer, the same effects, once.

An event is a command that the agents give, or what came of a step: then the effect was had and is not on record yet.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from restate_bridge.contract import ANSWER, Outcome
from tests.agents.engine.house import House
from tests.agents.engine.opening import open_house
from tests.agents.stand_in_inbox import wait_for

MORTAL = "tests.agents.engine.mortal_agents"
FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"
TRIP = "A trip to Lisbon, 2027-03-02 to 2027-03-05"
RITA = "Rita Reviewer"
DISPUTE = "2,300 EUR at Nightfall Electronics is not mine"
ACCOUNT = "Pay Nordwind to DE89370400440532013000 from now on"
_REFERENCE = re.compile(r"\b[FHC][0-9A-F]{7}\b")
_LETTER = "Dear customer, we looked into the charge that you disputed. "


@dataclass(frozen=True)
class Sample:
    """One conversation with a sample.

    Attributes:
        service: its name.
        message: what is said to it.
        answer: how its answer begins.
        decisions: how each tool's requests are decided.
        effects: what it has done, as `effects` tells it.
        filled: what its forms are filled in with.
        requests: how many its case makes; None for one a tool.
        events: the fewest events that its journals have.
    """

    service: str
    message: str
    answer: str
    decisions: Mapping[str, Outcome] = field(default_factory=dict)
    effects: tuple[str, ...] = ()
    filled: Mapping[str, Any] = field(default_factory=dict)
    requests: int | None = None
    events: int = 10


SAMPLES = {
    "weather": Sample("Weather", "What is the weather in Oslo?", "Oslo today: "),
    "claim approved": Sample("Claims", FLIGHT, f"{RITA} approved it", {"reimburse": Outcome.APPROVED}, ("paid",)),
    "claim rejected": Sample("Claims", FLIGHT, f"{RITA} rejected it", {"reimburse": Outcome.REJECTED}),
    "trip approved": Sample(
        "Travel",
        TRIP,
        f"{RITA} approved it. Lisbon is booked and paid: R, R, R.",
        {"pay_trip": Outcome.APPROVED},
        ("held flight", "held hotel", "held car", "paid"),
        events=25,
    ),
    "trip rejected": Sample(
        "Travel",
        TRIP,
        f"{RITA} rejected it: No reason was given. I have cancelled the car, the hotel and the flight.",
        {"pay_trip": Outcome.REJECTED},
        ("held flight", "held hotel", "held car", "cancelled car", "cancelled hotel", "cancelled flight"),
        events=30,
    ),
    "trip expired": Sample(
        "Travel",
        f"{TRIP}, no car",
        "Nobody decided in time. I have cancelled the hotel and the flight.",
        {"pay_trip": Outcome.EXPIRED},
        ("held flight", "held hotel", "cancelled hotel", "cancelled flight"),
        events=25,
    ),
    "invoices": Sample(
        "Payables",
        "Pay A-17 of Nordwind for 1,200 EUR, A-18 of Hanil for 300 EUR and A-19 of Nordwind for 900 EUR",
        f"A-17: paid 1,200.00 EUR, approved by {RITA}. A-18: paid 300.00 EUR. "
        f"A-19: paid 900.00 EUR, approved by {RITA}.",
        {"pay_invoice": Outcome.APPROVED},
        ("paid A-17", "paid A-18", "paid A-19"),
        requests=2,
        events=25,
    ),
    "account agreed": Sample(
        "Payables",
        ACCOUNT,
        "Nordwind is paid to DE89370400440532013000 from now on (finance approved, reviewers approved).",
        {"change_account": Outcome.APPROVED},
        ("account changed",),
        requests=2,
        events=20,
    ),
    "account refused": Sample(
        "Payables",
        ACCOUNT,
        "The account of Nordwind stays as it was (",
        {"change_account": Outcome.REJECTED},
        requests=2,
        events=20,
    ),
    "supplier taken on": Sample(
        "Payables",
        "Take on Hanil",
        f"Hanil is taken on by {RITA}: paid at once to DE89370400440532013000.",
        {"take_on_supplier": Outcome.ANSWERED},
        ("taken on",),
        filled={"account": "DE89370400440532013000", "terms": "at once", "limit": 900},
    ),
    "dispute approved": Sample(
        "Dispute",
        DISPUTE,
        f"{_LETTER}We refund 2,300.00 EUR; it is on your account",
        {"request_slip": Outcome.APPROVED, "freeze_card": Outcome.APPROVED, "refund": Outcome.APPROVED},
        ("card frozen", "refunded", "slip requested"),
        events=60,
    ),
    "dispute rejected": Sample(
        "Dispute",
        DISPUTE,
        f"{_LETTER}We can't refund it: No reason was given.",
        {"request_slip": Outcome.EXPIRED, "freeze_card": Outcome.REJECTED, "refund": Outcome.REJECTED},
        events=50,
    ),
}


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("order") / "when"


@pytest.fixture(scope="module")
def mortal(order: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    more = {"MORTAL_FILE": str(order)}
    with open_house(tmp_path_factory.mktemp("mortal"), more, trial=False, agents=MORTAL) as house:
        yield house


def effects(house: House, session: str) -> tuple[str, ...]:
    """What was paid, booked and done in a session; in order, but for what agents do at the same time."""
    kinds: dict[str, str] = {}
    booked = []
    for line in _of_session(house, "travel-agency.jsonl", session):
        what = kinds.setdefault(line["key"], line.get("what", ""))
        booked.append(f"{line['state']} {what}".strip())
    settled = sorted(line["what"] for line in _of_session(house, "dispute-desk.jsonl", session))
    paid = sorted(
        f"{line['what']} {line.get('number', '')}".strip() for line in _of_session(house, "payables.jsonl", session)
    )
    return ("paid",) * len(house.payments(session)) + (*booked, *settled, *paid)


def _of_session(house: House, book: str, session: str) -> list[dict[str, str]]:
    # A specialist's session is named after the one that it works for.
    return [line for line in house.book(book) if line["key"].startswith((f"{session}/", f"{session}."))]


def played(house: House, sample: Sample, session: str) -> str:
    """Play it to the end, decide what its case asks for, and return the answer."""
    turn = house.ask(sample.message, session, sample.service)
    decided: list[str] = []

    def is_over() -> bool:
        for awakeable_id, held in house.inbox.of_case(turn.invocation_id):
            if awakeable_id not in decided:
                decided.append(awakeable_id)
                asked = held.announcement
                filled = {"arguments": {**asked.arguments, ANSWER: sample.filled}} if sample.filled else {}
                house.decide(awakeable_id, sample.decisions[asked.tool], **filled)
        return bool(turn.status()["status"] == "completed")

    wait_for(is_over, f"{session} ends", seconds=30)
    asked = [held.announcement.tool for _, held in house.inbox.of_case(turn.invocation_id)]
    assert set(asked) == set(sample.decisions)
    assert len(asked) == (len(sample.decisions) if sample.requests is None else sample.requests)
    return _REFERENCE.sub("R", turn.answer())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_ends_the_same_whenever_its_agents_die(mortal: House, order: Path, name: str) -> None:
    sample, number = SAMPLES[name], 0
    undisturbed = played(mortal, sample, f"{name}-undisturbed".replace(" ", "-"))
    assert undisturbed.startswith(sample.answer)
    while True:
        number += 1
        session = f"{name}-{number}".replace(" ", "-")
        order.write_text(str(number))
        assert played(mortal, sample, session) == undisturbed, f"killed before event {number}"
        assert effects(mortal, session) == sample.effects, f"killed before event {number}"
        if order.exists():
            break  # It lived: the journal has no more events.
    order.unlink()
    assert number > sample.events
