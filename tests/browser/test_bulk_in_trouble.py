"""Several are decided at once, and the database does not take one of them: by the keyboard alone."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House

MESSAGE = "Please reimburse {:,} USD for a hotel, two nights during the audit."
AMOUNTS = count(2701)


@pytest.fixture
def asked(house: House) -> list[int]:
    """Three requests."""
    amounts = [next(AMOUNTS) for _ in range(3)]
    runs = [house.ask(MESSAGE.format(amount), session=f"trouble-{amount}") for amount in amounts]
    return [int(house.request_of(run)["id"]) for run in runs]


@pytest.fixture
def refused(house: House, asked: list[int]) -> Iterator[psycopg.Connection]:
    """A connection to a database that takes no decision on the second of them, until its trigger is dropped."""
    with psycopg.connect(house.env["DATABASE_URL"], autocommit=True) as database:
        database.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'not this one'; END$$"
        )
        database.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON approvals_decision FOR EACH ROW "
            f"WHEN (NEW.request_id = {asked[1]}) EXECUTE FUNCTION refuse()"
        )
        yield database
        database.execute("DROP FUNCTION refuse() CASCADE")


def test_one_that_is_not_taken_is_told_stays_picked_and_goes_through_the_next_time(
    house: House, visit: Visit, asked: list[int], refused: psycopg.Connection
) -> None:
    page = visit().page
    page.goto("/?q=the+audit")
    for request_id in asked:
        page.locator(f"#pick-{request_id}").focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Approve selected").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 requests were approved by you")).to_be_visible()
    expect(page.get_by_text("It could not be kept, so nothing was decided. Try it again.")).to_be_visible()
    refused.execute("DROP TRIGGER refuse ON approvals_decision")
    box = page.locator(f".pick[value^='{asked[1]}:']")
    expect(box).to_be_checked()
    page.get_by_role("button", name="Approve").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 request was approved by you")).to_be_visible()
    for request_id in asked:
        house.wait_for_delivery(request_id, "done")
