"""A trip that somebody rejects, end to end: what was booked is undone, the latest first, and the page says so."""

import json

from tests.house.house import House, eventually
from tests.house.people import Person

TRIP = "A trip to Lisbon, 2027-03-02 to 2027-03-05"


def booked(house: House, session: str) -> list[str]:
    """What the agency did in a session, in order."""
    book = house.ledger.with_name("travel-agency.jsonl")
    lines = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
    kinds: dict[str, str] = {}
    return [
        f"{line['state']} {kinds.setdefault(line['key'], line.get('what', ''))}".strip()
        for line in lines
        if line["key"].startswith(f"{session}/")
    ]


def test_a_rejected_trip_leaves_nothing_booked_and_says_so(house: House, reviewer: Person) -> None:
    run = house.ask(TRIP, session="lisbon", service="Travel")
    sql = "SELECT * FROM approvals_approvalrequest WHERE invocation_id = %s"
    [asked] = eventually(lambda: house.rows(sql, run), what="the trip is put to somebody")
    held = ["held flight", "held hotel", "held car"]
    assert booked(house, "lisbon") == held
    assert reviewer.decide(asked["id"], "reject", note="Lisbon can wait.").status_code == 200
    told = house.wait_for_delivery(asked["id"], "done")["result"]
    assert told["undone"] == ["book_car", "book_hotel", "book_flight"]
    assert booked(house, "lisbon") == [*held, "cancelled car", "cancelled hotel", "cancelled flight"]
    eventually(lambda: house.run_status(run) == "completed", what="the run ends")
    page = reviewer.get(f"/requests/{asked['id']}/").text
    assert "book_car" in page
    assert "Lisbon can wait." in page
