"""Somebody else is looking: two people, two browsers, one request."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House

HOTEL = "Please reimburse 1,710 USD for a hotel, three nights at the presence meeting."


def test_each_sees_the_other_come_and_go_without_reloading(house: House, visit: Visit, screenshots: Path) -> None:
    request = house.request_of(house.ask(HOTEL, session="presence"))
    first, second = visit("reviewer"), visit("second-reviewer")
    first.open_request(request["id"])
    first.wait_until_live()
    expect(first.page.locator("#presence")).to_have_text("")
    approve = first.page.get_by_role("button", name="Approve")
    before = approve.bounding_box()
    second.open_request(request["id"])
    expect(first.page.get_by_text("second-reviewer is looking at this too.")).to_be_visible()
    expect(second.page.get_by_text("reviewer is looking at this too.")).to_be_visible()
    expect(second.page.locator("#presence")).not_to_contain_text("second-reviewer")
    # Who comes must not push the button away from under somebody's pointer.
    assert approve.bounding_box() == before
    first.page.screenshot(path=screenshots / "presence.png")
    first.page.set_viewport_size({"width": 390, "height": 844})
    expect(first.page.locator("#presence p")).to_be_visible()
    first.page.screenshot(path=screenshots / "presence-phone.png")
    second.page.goto("/")
    expect(first.page.locator("#presence")).to_have_text("")


def test_the_page_of_another_request_shows_nobody(house: House, visit: Visit) -> None:
    requests = [house.request_of(house.ask(HOTEL, session=f"presence-{number}")) for number in range(2)]
    first, second = visit("reviewer"), visit("second-reviewer")
    for visitor, request in zip((first, second), requests, strict=True):
        visitor.open_request(request["id"])
        visitor.wait_until_live()
    second.open_request(requests[0]["id"])
    expect(first.page.locator("#presence")).to_contain_text("second-reviewer is looking")
    first.open_request(requests[1]["id"])
    first.wait_until_live()
    expect(second.page.locator("#presence")).to_have_text("")
    expect(first.page.locator("#presence")).to_have_text("")


def test_without_scripts_nobody_is_named_and_the_decision_is_made_all_the_same(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="presence-no-script"))
    first, second = visit("reviewer"), visit("second-reviewer", java_script_enabled=False)
    first.open_request(request["id"])
    first.wait_until_live()
    second.open_request(request["id"])
    expect(second.page.locator("#presence")).to_have_text("")
    second.page.get_by_role("button", name="Approve").click()
    expect(second.page.locator("#outcome .verdict")).to_contain_text("Approved")
