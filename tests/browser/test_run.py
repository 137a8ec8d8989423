"""The operators' page of one run, and what the run holds."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House
from tests.house.people import Person
from tests.tokens import begun_tokens

HOTEL = "Please reimburse 1,{} USD for a hotel, two nights during the fair."


@pytest.fixture
def operator(visit: Visit) -> Visitor:
    return visit("operator")


def test_a_run_that_waits_goes_on_before_the_operators_eyes(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("510"), session="run-live")
    request = house.request_of(run)
    page.goto(f"/runs/{run}/")
    waiting = page.locator(".steps > li").last
    expect(waiting).to_contain_text("Wait for a person")
    expect(waiting).to_contain_text("in progress")
    expect(waiting.get_by_role("link", name="Reimburse lodging: 1,510.00 USD")).to_be_visible()
    expect(page.locator(".run-head")).to_contain_text("Waiting for a person")
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "approve")
    expect(page.locator(".run-head")).to_contain_text("Completed")
    expect(page.locator(".steps > li").last).to_contain_text("Output")
    expect(page.locator(".run-requests")).to_contain_text("Approved done")
    expect(page.get_by_role("link", name="Restart…")).to_be_visible()


def test_what_is_unfolded_and_focused_stays_so_while_the_page_refreshes(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("520"), session="run-folds")
    request = house.request_of(run)
    page.goto(f"/runs/{run}/")
    expect(page.locator(".run-head")).to_contain_text("Waiting for a person")
    page.get_by_text("What can't be done now").click()
    expect(page.locator("#controls-not-now dl")).to_be_visible()
    cancel = page.get_by_role("link", name="Cancel the run")
    cancel.focus()
    page.evaluate("scrollTo(0, 200)")
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "comment", comment="Wait a moment.", addressee="admin")
    house.rows("UPDATE approvals_approvalrequest SET title = 'Another title' WHERE id = %s RETURNING id", request["id"])
    expect(page.locator(".run-requests")).to_contain_text("Another title")
    expect(page.locator("#controls-not-now dl")).to_be_visible()
    expect(cancel).to_be_focused()
    assert page.evaluate("scrollY") == 200


def test_nobody_asks_for_a_run_that_has_ended(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask("What is the weather like?", session="run-ended", service="Weather")
    page.goto(f"/runs/{run}/")
    expect(page.locator(".run-head")).to_contain_text("Completed")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(7_000)
    assert [url for url in asked if "/runs/" in url] == []


def test_what_a_run_holds_is_shown_decoded_to_who_asks_and_the_record_says_so(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("530"), session="run-holds")
    request = house.request_of(run)
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "approve", note="The receipt is there.")
    house.wait_for_delivery(request["id"], "done")
    page.goto(f"/runs/{run}/")
    assert "DE02120300000000202051" not in page.content()
    page.get_by_role("link", name="Show what it holds").click()
    expect(page.locator("[data-kind=input]")).to_contain_text("two nights during the fair")
    asking = page.locator("[data-kind=model]").nth(1)
    expect(asking).to_contain_text("It is above 1,000, so a person has to decide.")
    expect(asking).to_contain_text("Wants to call reimburse", use_inner_text=True)
    expect(asking.get_by_role("link", name="check eligibility")).to_be_visible()
    decided = page.locator("[data-kind=wait]")
    expect(decided).to_contain_text("Approved by reviewer")
    expect(decided).to_contain_text("on record")
    expect(decided).to_contain_text("The receipt is there.")
    assert begun_tokens(page.content()) == []
    session = page.locator("[data-kind=write] .fold")
    session.locator("summary").click()
    expect(session.locator(".value")).to_contain_text('"app_name": "claims"')
    page.reload()
    looked = (
        "SELECT actor, subject FROM operations_operatorevent WHERE code = 'run.payload.looked' AND invocation_id = %s"
    )
    assert house.rows(looked, run) == [{"actor": "user:operator", "subject": "Claims/run-holds/ask"}]


def test_a_viewer_sees_the_steps_and_no_word_of_what_they_hold(house: House, visit: Visit) -> None:
    run = house.ask(HOTEL.format("540"), session="run-viewer")
    house.request_of(run)
    page = visit("viewer").page
    page.goto(f"/runs/{run}/")
    expect(page.locator(".steps > li").filter(has_text="check eligibility")).to_be_visible()
    expect(page.get_by_role("link", name="Show what it holds")).to_have_count(0)
    expect(page.locator(".run-requests")).to_have_count(0)
    assert not re.search(r"two nights|1,540|DE0212", page.content())
    answer = page.goto(f"/runs/{run}/payloads/")
    assert answer is not None
    assert answer.status == 403


def test_everything_is_there_without_javascript(house: House, visit: Visit) -> None:
    run = house.ask(HOTEL.format("550"), session="run-plain")
    house.request_of(run)
    page = visit("operator", java_script_enabled=False).page
    page.goto(f"/runs/{run}/")
    expect(page.locator(".steps > li").last).to_contain_text("Wait for a person")
    page.get_by_role("link", name="Show what it holds").click()
    expect(page.locator("[data-kind=input]")).to_contain_text("two nights during the fair")
    page.get_by_role("link", name="Back to the run").click()
    expect(page).to_have_url(re.compile(f"/runs/{run}/$"))
