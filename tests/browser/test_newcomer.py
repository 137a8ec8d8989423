"""Somebody's first minutes."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House
from tests.house.people import invite

MESSAGE = "Please reimburse 1,730 USD for a hotel, two nights during the workshop."


def test_the_first_request_gives_three_hints_which_are_dismissed_for_good(visit: Visit, house: House) -> None:
    request = house.request_of(house.ask(MESSAGE, session="newcomer"))["id"]
    invite(house, ["newcomer"])
    visitor = visit("newcomer")
    visitor.open_request(request)
    hints = visitor.page.get_by_role("region", name="Your first requests")
    expect(hints.get_by_role("listitem")).to_have_count(3)
    hints.get_by_role("button").click()
    expect(hints).to_have_count(0)
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("1,730.00")
    again = visit("newcomer")
    again.open_request(request)
    expect(again.page.get_by_role("heading", level=1)).to_be_visible()
    expect(again.page.get_by_role("region", name="Your first requests")).to_have_count(0)


def test_an_empty_inbox_says_what_it_is_for_and_fills_by_itself(visit: Visit, house: House) -> None:
    # Who is in no group yet has nothing to decide.
    visitor = visit("requester")
    expect(visitor.page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    expect(visitor.page.get_by_text("its request appears here by itself")).to_be_visible()
    visitor.page.get_by_role("link", name="Snoozed").click()
    expect(visitor.page.get_by_text("You have put nothing off")).to_be_visible()
