"""Answers that do not come: somebody who goes on all the same misses nothing, and is told what could not be fetched."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House
from tests.house.people import Person

HOTEL = "Please reimburse 1,640 USD for a hotel, two nights during the audit."
UNFETCHED = "could not be fetched"


@pytest.fixture
def asked(house: House, request: pytest.FixtureRequest) -> int:
    return int(house.request_of(house.ask(HOTEL, session=request.node.name))["id"])


@pytest.fixture
def visitor(visit: Visit, asked: int) -> Visitor:
    """A reviewer whose page of the request gets no live updates any more."""
    visitor = visit()
    # What htmx could not fetch it reports in the console.
    visitor.expected += ["htmx:", "ERR_FAILED"]
    visitor.page.route(re.compile(r"/live/"), lambda route: route.abort())
    visitor.page.route_web_socket(re.compile(r"/live/"), lambda socket: socket.close())
    visitor.open_request(asked)
    expect(visitor.page.locator("#connection[data-state=lost]")).to_be_visible()
    return visitor


def amount(page: Page, text: str) -> None:
    page.locator("[name='edit-claim.amount']").fill(text)


def test_editing_brings_along_what_a_colleague_said_meanwhile(house: House, visitor: Visitor, asked: int) -> None:
    page = visitor.page
    with Person(house, "second-reviewer") as person:
        person.decide(asked, "comment", comment="This was paid last week.", addressee="")
    page.keyboard.press("e")
    expect(page.locator("[name='edit-claim.amount']")).to_be_focused()
    expect(page.locator("#thread-entries")).to_contain_text("This was paid last week.")
    expect(page.locator("#record")).to_contain_text("This was paid last week.")


def test_whoever_edits_what_was_settled_meanwhile_is_told_so_and_is_not_signed_out(
    house: House, visitor: Visitor, asked: int
) -> None:
    page = visitor.page
    page.keyboard.press("e")
    expect(page.locator("[name='edit-claim.amount']")).to_be_focused()
    with Person(house, "second-reviewer") as person:
        person.decide(asked, "reject", note="paid last week")
    amount(page, "1500")
    expect(page.locator("#changed")).to_contain_text("The request waits no longer")
    expect(page.locator("#connection")).not_to_contain_text("Signed out", use_inner_text=True)
    expect(page.locator("[name='edit-claim.amount']")).to_have_value("1500")
    page.get_by_role("button", name="Add to items").click()
    expect(page.locator("[name='edit-claim.amount']")).to_have_value("1500")
    expect(page.locator("#unfetched")).to_be_hidden()


def test_whoever_is_signed_out_while_editing_is_told_that(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("e")
    page.context.clear_cookies(name="sessionid")
    amount(page, "1500")
    expect(page.locator("#connection")).to_contain_text("Signed out", use_inner_text=True)
    expect(page.locator("#unfetched")).to_be_hidden()


@pytest.mark.parametrize("how", ["an error", "no answer"])
def test_an_answer_that_does_not_come_is_said_until_one_comes(visitor: Visitor, how: str) -> None:
    visitor.expected += ["status of 5", "Response Status Error"]
    page = visitor.page
    page.keyboard.press("e")
    amount(page, "1500")
    expect(page.locator("#changes li")).to_have_count(1)
    expect(page.locator("#unfetched")).to_be_hidden()
    page.route("**/edit/", lambda route: route.abort() if how == "no answer" else route.fulfill(status=503))
    page.get_by_role("button", name="Add to items").click()
    expect(page.locator("#unfetched")).to_contain_text(UNFETCHED, use_inner_text=True)
    page.unroute("**/edit/")
    page.get_by_role("button", name="Add to items").click()
    expect(page.locator(".edit-rows > li")).to_have_count(2)
    expect(page.locator("#unfetched")).to_be_hidden()
