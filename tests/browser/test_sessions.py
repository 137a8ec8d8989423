"""The operators' sessions: what was said there, what is kept, and changing that."""

import re

import pytest
from playwright.sync_api import Page, expect

from restate_bridge.session_state import StateKeeper, state_names, state_values, state_version
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House, eventually
from tests.house.people import Person

HOTEL = "Please reimburse 1,{} USD for a hotel, two nights during the fair."


@pytest.fixture
def admin(visit: Visit) -> Visitor:
    return visit("admin")


def open_session(page: Page, key: str) -> None:
    page.goto(f"/sessions/?q={key}")
    page.locator("#sessions tbody").get_by_role("link", name=f"Claims / {key}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(key)


def state_of(house: House, key: str) -> dict[str, bytes]:
    names = [value.name for value in state_names(house.admin, "Claims", key, at_most=99)]
    return state_values(house.admin, "Claims", key, names)


def put(house: House, key: str, state: dict[str, bytes]) -> None:
    before = state_of(house, key)
    keeper = StateKeeper(house.env["RESTATE_ADMIN_URL"])
    keeper.replace("Claims", key, state, version=state_version(before))
    eventually(lambda: state_of(house, key) == state)


def test_a_session_appears_by_itself_and_its_conversation_grows_by_itself(house: House, visit: Visit) -> None:
    page = visit("operator").page
    page.goto("/sessions/?q=talk-grows")
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Sessions").click()
    page.goto("/sessions/?q=talk-grows")
    expect(page.get_by_text("No session is like that.")).to_be_visible()
    request = house.request_of(house.ask(HOTEL.format("510"), session="talk-grows"))
    waiting = house.ask("And what about the dinner?", session="talk-grows")
    expect(page.locator("#sessions tbody tr")).to_contain_text("Waiting for a person")
    open_session(page, "talk-grows")
    expect(page.locator(f"#queued-{waiting}")).to_be_visible()
    expect(page.get_by_role("link", name="Reimburse lodging: 1,510.00 USD").first).to_be_visible()
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "approve")
    talk = page.locator(".conversation")
    expect(talk).to_contain_text("1,510.00 USD has been paid")
    expect(talk).to_contain_text("called reimburse")
    expect(talk).to_contain_text("And what about the dinner?")
    expect(page.locator(f"#queued-{waiting}")).to_have_count(0)


def test_what_is_unfolded_stays_so_while_the_page_refreshes_itself(house: House, admin: Visitor) -> None:
    page = admin.page
    put(house, "folds", {"long": b'"' + b"word " * 400 + b'"', "other": b"1"})
    open_session(page, "folds")
    page.locator("#session-rest details summary").click()
    put(house, "folds", {"long": b'"' + b"word " * 400 + b'"', "other": b"27182"})
    expect(page.get_by_text("27182")).to_be_visible()
    expect(page.locator("#session-rest details[open]")).to_have_count(1)


def test_a_value_is_changed_with_a_reason_and_a_mistake_costs_nothing(house: House, admin: Visitor) -> None:
    page = admin.page
    put(house, "changes", {"leave": b'{"amount": 100}'})
    open_session(page, "changes")
    page.get_by_role("link", name="Change…").click()
    page.get_by_label("The value, as JSON").fill('{"amount": 50')
    page.get_by_label("Reason").fill("it was half of it")
    page.get_by_role("button", name="Change the value").click()
    expect(page.get_by_text("That is not JSON, from line 1")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("it was half of it")
    page.get_by_label("The value, as JSON").fill('{"amount": 50}')
    page.get_by_role("button", name="Change the value").click()
    expect(page.get_by_text("The state is changed.")).to_be_visible()
    assert state_of(house, "changes") == {"leave": b'{"amount":50}'}


def test_the_state_is_cleared_only_for_who_types_the_services_name(house: House, admin: Visitor) -> None:
    page = admin.page
    put(house, "clears", {"leave": b"1", "raw": b"\xff"})
    open_session(page, "clears")
    page.get_by_role("link", name="Clear the state…").click()
    page.get_by_label("Reason").fill("the customer asked for it")
    page.get_by_label("to confirm").fill("claims")
    page.get_by_role("button", name="Clear the state").click()
    expect(page.get_by_text("That is not the name of the service")).to_be_visible()
    page.get_by_label("to confirm").fill("Claims")
    page.get_by_role("button", name="Clear the state").click()
    expect(page.get_by_text("The state is changed.")).to_be_visible()
    assert state_of(house, "clears") == {}


def test_a_key_of_any_characters_is_opened_and_its_list_walked_by_keys(house: House, admin: Visitor) -> None:
    page, key = admin.page, "odd's <i>\"/?#&=%20 \U0001f600"
    put(house, key, {"leave": b"31415"})
    page.goto("/sessions/?q=odd%27s")
    admin.wait_until_live()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(key)
    expect(page.get_by_text("31415")).to_be_visible()
    expect(page).to_have_url(re.compile("/sessions/one/"))


def test_a_value_is_shown_alone_and_the_way_leads_back(house: House, admin: Visitor) -> None:
    page = admin.page
    put(house, "alone", {"long": b'"' + b"word " * 6_000 + b'the end"'})
    open_session(page, "alone")
    expect(page.get_by_text("the end")).to_have_count(0)
    page.get_by_role("link", name="Show it alone").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("long")
    expect(page.get_by_text("the end")).to_be_visible()
    page.get_by_role("link", name="alone", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("alone")
    page.get_by_role("link", name="Claims", exact=True).click()
    expect(page).to_have_url(re.compile(r"/sessions/\?service=Claims$"))


def test_a_viewer_is_shown_names_and_sizes_alone(house: House, visit: Visit) -> None:
    page = visit("viewer").page
    put(house, "private", {"leave": b'"a secret word"'})
    open_session(page, "private")
    expect(page.get_by_text("leave")).to_be_visible()
    expect(page.get_by_text("What the values hold is shown to those who may see it.")).to_be_visible()
    assert "secret" not in page.content()
