"""Where the focus is: always to be seen, in a sensible order, and never lost after something has happened."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.hostile.announcing import announcement, put
from tests.house.house import House

HOTEL = "Please reimburse 1,690 USD for a hotel, two nights during the audit."
# What has the focus: how it is shown, whether it can be seen, and which part of the page it is in.
FOCUS = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const within = (place, most) => Math.min(Math.max(place, 0), most - 1);
  const middle = document.elementFromPoint(
    within(box.x + box.width / 2, innerWidth), within(box.y + Math.min(box.height / 2, 12), innerHeight));
  const parts = ["header", ".queue-pane", ".story", "#decision"];
  return {
    what: element.outerHTML.slice(0, 160),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    uncovered: Boolean(middle && (element.contains(middle) || middle.contains(element))),
    part: parts.findIndex((part) => element.closest(part)),
  };
}"""


def key(name: str) -> str:
    return f"#main [data-key={name}]"


@pytest.fixture
def visitor(house: House, visit: Visit, request: pytest.FixtureRequest) -> Visitor:
    """A reviewer at a request of their own; where one looks is where the page is, and not on the way there."""
    visitor = visit(reduced_motion="reduce")
    asked = house.request_of(house.ask(HOTEL, session=request.node.name))
    visitor.open_request(asked["id"])
    visitor.wait_until_live()
    return visitor


def walk(page: Page, most: int = 150) -> list[dict[str, Any]]:
    """Press Tab until the page is through, and return what had the focus."""
    steps = []
    for _ in range(most):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUS)
        if step is None:
            break
        steps.append(step)
    return steps


@pytest.mark.parametrize("query", ["?q=1%2C690", "?q=1%2C690&edit=1"], ids=["reading", "editing"])
def test_tab_goes_through_the_page_in_its_order_and_is_always_seen(visitor: Visitor, query: str) -> None:
    page = visitor.page
    # The list beside it holds the requests of this amount alone, however many others tests have left.
    page.goto(page.url + query)
    visitor.wait_until_live()
    assert 0 < page.locator("#queue [data-row]").count() < 15
    steps = walk(page)
    assert 20 < len(steps) < 150
    assert [step["what"] for step in steps if not (step["outlined"] and step["uncovered"])] == []
    assert [step["part"] for step in steps[1:]] == sorted(step["part"] for step in steps[1:])
    assert "skip-link" in steps[0]["what"]


def test_the_focus_stays_at_what_was_pressed_when_a_form_brings_the_page_again(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("c")
    expect(page.locator("#claim")).to_contain_text("You take care of this")
    expect(page.locator(key("c"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#claim")).to_have_text("")
    expect(page.locator(key("c"))).to_be_focused()
    visitor.wait_until_live()
    page.keyboard.press("s")
    expect(page.locator("#snooze button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".snoozed")).to_be_visible()
    expect(page.locator(key("s"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".snoozed")).to_have_count(0)
    expect(page.locator(key("s"))).to_be_focused()


def test_editing_begins_at_the_field_and_its_end_goes_back_to_the_button(visitor: Visitor) -> None:
    page = visitor.page
    page.keyboard.press("e")
    expect(page.locator("[name='edit-claim.amount']")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("[name='edit-claim.amount']")).to_have_count(0)
    expect(page.locator(key("e"))).to_be_focused()


def test_what_somebody_else_does_takes_the_focus_from_nobody(visitor: Visitor, visit: Visit) -> None:
    page = visitor.page
    page.locator(key("c")).focus()
    other = visit("second-reviewer")
    other.page.goto(page.url)
    other.wait_until_live()
    other.page.keyboard.press("c")
    expect(page.locator(key("c"))).to_contain_text("Take it over")
    expect(page.locator(key("c"))).to_be_focused()
    other.wait_until_live()
    other.page.keyboard.press("a")
    expect(page.locator("#outcome .verdict")).to_be_visible()
    expect(page.locator("#decision")).to_be_focused()


def test_a_dialog_closes_by_escape_and_goes_back_to_where_it_was_opened(visitor: Visitor) -> None:
    page = visitor.page
    page.locator(key("c")).focus()
    for opens, dialog in (("Control+k", "#palette"), ("?", "#keys-dialog")):
        page.keyboard.press(opens)
        expect(page.locator(dialog)).to_be_visible()
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
        expect(page.locator(key("c"))).to_be_focused()


@pytest.mark.parametrize("name", ["All commands", "Keys"])
def test_a_dialog_that_a_menu_opened_goes_back_to_the_menus_button(visitor: Visitor, name: str) -> None:
    page = visitor.page
    page.locator(".user-button").press("Enter")
    entry = page.locator("#user-menu .button").filter(has_text=name)
    entry.press("Enter")
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".user-button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#user-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#user-menu")).to_be_hidden()


def test_the_keys_dialog_is_closed_by_its_button_as_often_as_it_is_opened(visitor: Visitor) -> None:
    page = visitor.page
    for _ in range(2):
        page.keyboard.press("?")
        expect(page.locator("#keys-dialog")).to_be_visible()
        page.locator("#keys-dialog").get_by_role("button", name="Close").click()
        expect(page.locator("#keys-dialog")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("c")
    # A page that comes again goes to what brought it, not to what closed a dialog before.
    expect(page.locator("#claim")).to_contain_text("You take care of this")
    expect(page.locator(key("c"))).to_be_focused()


def announced(house: House, title: str) -> None:
    """Have a request come, which every open list shows."""
    assert put(house, announcement(title=title, requester="requester")).status_code == 201


@pytest.mark.parametrize("keeps", [True, False], ids=["moves in place", "puts anew"])
def test_what_is_being_written_stays_under_the_fingers_when_the_page_changes(
    visitor: Visitor, visit: Visit, house: House, keeps: bool
) -> None:
    page = visitor.page
    if not keeps:
        # As browsers do that can't move an element within a document without taking it out.
        page.add_init_script("delete Element.prototype.moveBefore")
        page.reload()
        visitor.wait_until_live()
    note = page.get_by_label("Note to the agent")
    note.fill("looks right")
    note.evaluate("field => field.setSelectionRange(6, 6)")
    other = visit("second-reviewer")
    other.page.goto(page.url)
    other.wait_until_live()
    other.page.keyboard.press("c")
    expect(page.locator("#claim")).to_contain_text("second-reviewer takes care of this")
    page.keyboard.type("all ")
    expect(note).to_have_value("looks all right")
    page.goto("/")
    visitor.wait_until_live()
    page.locator(".pick").first.check()
    bulk = page.get_by_label("Note, a reason when rejecting")
    bulk.fill("reason")
    bulk.evaluate("field => field.setSelectionRange(0, 0)")
    title = f"Comes while somebody writes {keeps}"
    announced(house, title)
    expect(visitor.row(title)).to_be_visible()
    page.keyboard.type("A ")
    expect(bulk).to_have_value("A reason")


@pytest.mark.parametrize("keeps", [True, False], ids=["moves in place", "puts anew"])
def test_an_exchanged_panel_takes_neither_the_focus_nor_the_place_in_the_note(
    house: House, visit: Visit, keeps: bool
) -> None:
    asked = house.request_of(house.ask(HOTEL, session=f"focus-exchange-{keeps}"))
    house.rows("UPDATE approvals_approvalrequest SET quorum = 2 WHERE id = %s RETURNING id", asked["id"])
    first, second = visit("reviewer"), visit("second-reviewer")
    page = first.page
    if not keeps:
        page.add_init_script("delete Element.prototype.moveBefore")
    for visitor in (first, second):
        visitor.open_request(asked["id"])
        visitor.wait_until_live()
    page.keyboard.press("s")
    expect(page.locator("#snooze button").first).to_be_focused()
    note = page.get_by_label("Note to the agent")
    note.fill("looks right")
    note.evaluate("field => field.setSelectionRange(6, 6)")
    second.page.get_by_role("button", name="Approve").click()
    expect(page.locator("#people")).to_contain_text("1 of 2")
    # The menu that was open is open still, and nobody has gone there.
    expect(page.locator("#snooze[open]")).to_be_attached()
    page.wait_for_timeout(200)
    page.keyboard.type("all ")
    expect(note).to_have_value("looks all right")


@pytest.mark.parametrize("name", ["Approve selected", "Reject selected", "Select none"])
def test_a_list_that_changes_leaves_the_focus_on_its_buttons(visitor: Visitor, house: House, name: str) -> None:
    page = visitor.page
    page.goto("/")
    visitor.wait_until_live()
    page.locator(".pick").first.check()
    button = page.get_by_role("button", name=name)
    button.focus()
    title = f"Comes while one is at {name}"
    announced(house, title)
    expect(visitor.row(title)).to_be_visible()
    expect(button).to_be_focused()


def test_a_list_that_changes_leaves_the_focus_on_what_narrows_it(visitor: Visitor, house: House) -> None:
    page = visitor.page
    page.goto("/?risk=medium")
    visitor.wait_until_live()
    chip = page.locator(".chip")
    chip.focus()
    announced(house, "Comes while one is at a filter")
    expect(visitor.row("Comes while one is at a filter")).to_be_visible()
    expect(chip).to_be_focused()
