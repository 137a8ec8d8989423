"""Each sample with its agents killed with -9 before each event of its journal: the same answer, the same effects, once.

An event is a command that the agents give, or what came of a step: then the effect was had and is not on record yet.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House
from tests.agents.engine.mortality import MORTAL, Said, Sample, ends_the_same
from tests.agents.engine.opening import open_house

FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"
TRIP = "A trip to Lisbon, 2027-03-02 to 2027-03-05"
RITA = "Rita Reviewer"
DISPUTE = "2,300 EUR at Nightfall Electronics is not mine"
ACCOUNT = "Pay Nordwind to DE89370400440532013000 from now on"
OLD = "2,300.00 EUR at Nightfall Electronics on 2025-01-07, card 4711"
_LETTER = "Dear customer, we looked into the charge that you disputed. "

SAMPLES = {
    "weather": Sample("Weather", "What is the weather in Oslo?", "Oslo today: "),
    "claim approved": Sample("Claims", FLIGHT, f"{RITA} approved it", {"reimburse": Outcome.APPROVED}, ("paid",)),
    "claim rejected": Sample("Claims", FLIGHT, f"{RITA} rejected it", {"reimburse": Outcome.REJECTED}),
    "claim edited": Sample(
        "Claims",
        FLIGHT,
        f"{RITA} approved it with changes (",
        {"reimburse": Said(Outcome.APPROVED, edits={"claim": {"amount": 1500.0}})},
        ("paid",),
    ),
    "receipt lost": Sample(
        "Claims",
        "Please reimburse 800 EUR for a hotel in Oslo, the receipt is lost",
        "Paid: 400.00 EUR for lodging",
        {"decide_on_lost_receipt": Said(Outcome.ANSWERED, {"answer": "Pay half"})},
        ("paid",),
    ),
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
    "invoices as it comes": Sample(
        "Payables",
        "Pay A-17 of Nordwind for 1,200 EUR, A-18 of Hanil for 600 EUR and A-19 of Nordwind for 900 EUR",
        "A-17: ",
        {
            "Pay A-17 of Nordwind: 1,200.00 EUR": Said(Outcome.APPROVED, edits={"invoice": {"amount": 1100.0}}),
            "Pay A-18 of Hanil: 600.00 EUR": Outcome.REJECTED,
            "Pay A-19 of Nordwind: 900.00 EUR": Outcome.EXPIRED,
        },
        ("paid A-17",),
        events=20,
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
    "policy": Sample(
        "Policy",
        OLD,
        "It may be disputed: it is too old, and a person was asked.",
        {"ask_a_person": Said(Outcome.ANSWERED, {"answer": "Make an exception"})},
    ),
    "evidence": Sample("Evidence", OLD, "The slip ", {"request_slip": Outcome.APPROVED}, ("slip requested",)),
    "fraud": Sample("Fraud", OLD, "It looks like fraud, and", {"freeze_card": Outcome.APPROVED}, ("card frozen",)),
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


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_ends_the_same_whenever_its_agents_die(mortal: House, order: Path, name: str) -> None:
    ends_the_same(mortal, order, name, SAMPLES[name])
