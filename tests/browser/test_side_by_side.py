"""Two people, two browsers: each sees what the other does, without reloading."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House

HOTEL = "Please reimburse 1,700 USD for a hotel, three nights at the partner meeting."


def test_what_one_decides_the_other_sees_without_reloading(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="two-browsers"))
    first, second = visit("reviewer"), visit("second-reviewer")
    for visitor in (first, second):
        visitor.open_request(request["id"])
        visitor.wait_until_live()
    second.page.get_by_label("Note to the agent").fill("half a sentence")
    first.page.get_by_role("button", name="Approve").click()
    expect(second.page.locator("#outcome .verdict")).to_contain_text("Approved")
    expect(second.page.locator("#state")).to_contain_text("by reviewer")
    expect(second.page.locator("#outcome")).to_contain_text("payment")


def test_a_new_request_appears_in_an_open_inbox_and_leaves_it_when_somebody_decides(house: House, visit: Visit) -> None:
    first, second = visit("reviewer"), visit("second-reviewer")
    for visitor in (first, second):
        # Where a new one comes first, however many wait.
        visitor.page.goto("/?sort=latest")
        visitor.wait_until_live()
    request = house.request_of(house.ask(HOTEL.replace("1,700", "1,777"), session="appears"))
    expect(first.row("1,777")).to_be_visible()
    expect(second.row("1,777")).to_be_visible()
    first.open_request(request["id"])
    first.page.get_by_role("button", name="Approve").click()
    expect(second.row("1,777")).to_have_count(0)


def test_whoever_comes_second_is_told_who_was_first(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="second-comes"))
    first, second = visit("reviewer"), visit("second-reviewer", java_script_enabled=False)
    for visitor in (first, second):
        visitor.open_request(request["id"])
    first.page.get_by_role("button", name="Approve").click()
    expect(first.page.locator("#outcome .verdict")).to_contain_text("Approved")
    second.page.get_by_role("button", name="Approve").click()
    expect(second.page.get_by_role("alert")).to_contain_text("reviewer was first")
    assert len(house.payments("second-comes")) <= 1


def test_the_requester_sees_the_request_and_cannot_decide_it(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="own"))
    visitor = visit("requester")
    visitor.open_request(request["id"])
    expect(visitor.page.get_by_text("somebody else has to decide it")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Approve")).to_have_count(0)


def test_a_page_catches_up_after_the_web_process_was_killed(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="catches-up"))
    watching = visit("second-reviewer")
    watching.open_request(request["id"])
    watching.wait_until_live()
    house.kill("web")
    # What htmx could not fetch meanwhile it reports in the console, and the browser what was cut off by the kill.
    watching.expected += ["htmx:", "ERR_CONNECTION_RESET"]
    expect(watching.page.locator("#connection[data-state=lost]")).to_be_visible()
    house.start("web")
    deciding = visit("reviewer")
    deciding.open_request(request["id"])
    deciding.page.get_by_role("button", name="Approve").click()
    expect(watching.page.locator("#outcome .verdict")).to_contain_text("Approved", timeout=15_000)
    watching.wait_until_live()
