"""Edits outlive leaving the form, a reload and the session; the page says so, and offers to drop them."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House
from tests.house.people import Person

HOTEL = "Please reimburse 1,930 USD for a hotel, three nights during the fair."
BACK = "What you had changed before is back"
ASIDE = "Changes that you began are kept"


@pytest.fixture
def asked(house: House, request: pytest.FixtureRequest) -> int:
    return int(house.request_of(house.ask(HOTEL, session=request.node.name))["id"])


@pytest.fixture
def visitor(visit: Visit, asked: int) -> Visitor:
    """A reviewer who has changed an amount, and added an item."""
    visitor = visit(reduced_motion="reduce")
    visitor.open_request(asked)
    visitor.wait_until_live()
    page = visitor.page
    page.keyboard.press("e")
    amount(page).fill("1500")
    page.get_by_role("button", name="Add to items").click()
    second_item(page).fill("breakfast")
    return visitor


def amount(page: Page) -> Locator:
    return page.locator("[name='edit-claim.amount']")


def second_item(page: Page) -> Locator:
    return page.locator("[name='edit-claim.items/1/what']")


def notice(page: Page) -> Locator:
    return page.locator("#edits-kept")


def expect_all_back(page: Page) -> None:
    expect(second_item(page)).to_have_value("breakfast")
    expect(amount(page)).to_have_value("1500")
    expect(notice(page)).to_contain_text(BACK, use_inner_text=True)


def test_leaving_the_form_by_its_key_and_coming_back_loses_nothing(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(amount(page)).to_have_count(0)
    expect(notice(page)).to_contain_text(ASIDE, use_inner_text=True)
    page.keyboard.press("e")
    expect_all_back(page)
    notice(page).get_by_role("link", name="Drop these changes").click()
    expect(amount(page)).to_have_value("1930.0")
    expect(notice(page)).to_have_text("", use_inner_text=True)
    page.reload()
    expect(amount(page)).to_have_value("1930.0")
    expect(notice(page)).to_have_text("", use_inner_text=True)


def test_a_reload_and_another_page_in_between_lose_nothing(visitor: Visitor, asked: int) -> None:
    page = visitor.page
    page.reload()
    expect_all_back(page)
    page.goto("/")
    visitor.open_request(asked)
    expect(notice(page)).to_contain_text(ASIDE, use_inner_text=True)
    notice(page).get_by_role("link", name="Go on editing").click()
    expect_all_back(page)
    page.get_by_role("link", name="Cancel").click()
    notice(page).get_by_role("button", name="Drop these changes").click()
    expect(notice(page)).to_have_text("", use_inner_text=True)
    page.keyboard.press("e")
    expect(amount(page)).to_have_value("1930.0")


def test_what_is_typed_before_the_script_has_come_is_kept(visit: Visit, asked: int) -> None:
    visitor = visit(reduced_motion="reduce")
    visitor.wait_until_live()
    page = visitor.page
    held: list[Route] = []
    page.route("**/edits.*js", lambda route: held.append(route))
    page.goto(f"/requests/{asked}/?edit=1")
    amount(page).fill("1500")
    held[0].continue_()
    page.wait_for_load_state("networkidle")
    page.reload()
    held[-1].continue_()
    expect(amount(page)).to_have_value("1500")
    expect(notice(page)).to_contain_text(BACK, use_inner_text=True)


def test_what_was_corrected_after_a_refusal_outlives_a_reload(visitor: Visitor) -> None:
    page = visitor.page
    amount(page).fill("-1")
    # The browser would not send it; what else is refused only the server knows.
    page.locator("#decide").evaluate("(form) => (form.noValidate = true)")
    page.get_by_role("button", name="Approve with changes").click()
    expect(page.locator("#problem")).to_contain_text("Nothing was decided")
    amount(page).fill("1400")
    page.reload()
    expect(amount(page)).to_have_value("1400")
    expect(second_item(page)).to_have_value("breakfast")
    expect(notice(page)).to_contain_text(BACK, use_inner_text=True)


def test_a_session_that_ends_while_approving_brings_the_reader_back_into_the_form(
    house: House, visitor: Visitor, asked: int
) -> None:
    page = visitor.page
    page.locator("[name$='items/1/amount']").fill("30")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Approve with changes").click()
    visitor.sign_in_here("reviewer", house.password)
    expect_all_back(page)
    page.get_by_role("button", name="Approve with changes").click()
    expect(page.locator("#what")).to_contain_text("changed, was 1,930")
    expect(page.locator("#kept")).to_be_hidden()
    assert page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('draft-'))") == []


def test_what_is_typed_back_to_what_it_was_is_no_draft(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="Remove items, item 2").click()
    expect(second_item(page)).to_have_count(0)
    amount(page).fill("1930.0")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(amount(page)).to_have_count(0)
    expect(page.locator("[data-key=e]")).to_be_focused()


def test_edits_can_be_read_when_somebody_else_settles_it_meanwhile(house: House, visitor: Visitor, asked: int) -> None:
    page = visitor.page
    with Person(house, "second-reviewer") as person:
        person.decide(asked, "reject", note="paid last week")
    expect(page.locator("#outcome .verdict")).to_contain_text("Rejected")
    kept = page.locator("#id_kept")
    expect(kept).to_be_visible()
    expect(kept).to_have_value(re.compile(r"claim\.amount: 1500\n"))
    expect(kept).to_have_value(re.compile("breakfast"))


def test_a_draft_that_can_not_be_brought_back_at_once_is_still_there(visitor: Visitor) -> None:
    visitor.expected += ["htmx:", "ERR_FAILED"]
    page = visitor.page
    page.route("**/edit/", lambda route: route.abort())
    page.reload()
    expect(notice(page)).to_contain_text(ASIDE, use_inner_text=True)
    expect(page.locator("#unfetched")).to_be_visible()
    amount(page).fill("7")
    page.unroute("**/edit/")
    notice(page).get_by_role("link", name="Go on editing").click()
    expect_all_back(page)


def test_edits_of_arguments_that_somebody_else_has_changed_come_back_with_a_warning(
    house: House, visitor: Visitor, asked: int
) -> None:
    page = visitor.page
    house.rows("UPDATE approvals_approvalrequest SET quorum = 2 WHERE id = %s RETURNING id", asked)
    with Person(house, "second-reviewer") as person:
        person.decide(asked, "approve", editing="1", **{"edit-claim.reason": "two nights were enough"})
    visitor.open_request(asked)
    expect(page.locator("#what")).to_contain_text("two nights were enough")
    page.keyboard.press("e")
    expect_all_back(page)
    expect(notice(page)).to_contain_text("Another reviewer has changed the arguments since", use_inner_text=True)
