"""Arguments are edited in the browser: nested objects, lists, and what changes by it."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_every_page import AXE
from tests.house.house import House

HOTEL = "Please reimburse 1,930 USD for a hotel, three nights during the fair."


def item(page: Page, number: int, field: str) -> str:
    """Return the selector of a field of an item of the claim, by the item's place."""
    row = page.locator(".edit-rows > li").nth(number - 1)
    return f"[name='{row.locator(f'[name$={field}]').get_attribute('name')}']"


def edit_all(page: Page) -> None:
    """Change a nested value, and make two items of one; the fields are there however they came."""
    page.locator(item(page, 1, "amount")).fill("1500")
    page.get_by_role("button", name="Add to items").click()
    page.locator(item(page, 2, "what")).fill("breakfast")
    page.locator(item(page, 2, "amount")).fill("30")
    page.get_by_label("a project", exact=True).check()


def test_nested_arguments_are_edited_by_keyboard_and_the_tool_runs_with_exactly_them(
    house: House, visit: Visit, screenshots: Path
) -> None:
    request = house.request_of(house.ask(HOTEL, session="edit-nested"))
    visitor = visit(viewport={"width": 1440, "height": 1300})
    visitor.open_request(request["id"])
    visitor.wait_until_live()
    page = visitor.page
    page.keyboard.press("e")
    expect(page.locator("[name='edit-claim.amount']")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1530")
    page.get_by_role("button", name="Add to items").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='edit-claim.items/1/what']")).to_be_focused()
    page.keyboard.type("breakfast")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    page.get_by_role("button", name="Add to items").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='edit-claim.items/2/what']")).to_be_focused()
    page.keyboard.type("a film in the room")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Remove items, item 3").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='edit-claim.items/2/what']")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove items, item 2")).to_be_focused()
    page.locator("[name='edit-claim.items/0/amount']").fill("1500")
    page.get_by_label("a project", exact=True).check()
    page.locator("[name='edit-claim.booking/project']").fill("P-17")
    changes = page.locator("#changes li")
    expect(changes).to_have_count(5)
    expect(changes.filter(has_text="breakfast")).to_contain_text("Added")
    expect(changes.first).to_contain_text("1,930")
    page.screenshot(path=screenshots / "editing-nested.png", full_page=True)
    page.get_by_role("button", name="Approve with changes").click()
    expect(page.locator("#outcome")).to_contain_text("payment")
    expect(page.locator("#changes li")).to_have_count(5)
    page.screenshot(path=screenshots / "edited.png", full_page=True)
    [payment] = house.payments("edit-nested")
    claim = request["arguments"]["claim"]
    assert payment["claim"] == {
        **claim,
        "amount": 1530,
        "items": [{**claim["items"][0], "amount": 1500}, {"what": "breakfast", "amount": 30, "has_receipt": True}],
        "booking": {"borne_by": "a project", "project": "P-17"},
    }


def test_without_javascript_rows_are_added_and_removed_and_the_changes_reviewed(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="edit-plain"))
    visitor = visit(java_script_enabled=False)
    visitor.open_request(request["id"], "?edit=1")
    page = visitor.page
    page.get_by_label("Note to the agent").fill("kept")
    edit_all(page)
    page.get_by_role("button", name="Add to items").click()
    page.get_by_role("button", name="Remove items, item 3").click()
    expect(page.locator(".edit-rows > li")).to_have_count(2)
    page.get_by_role("button", name="Review changes").click()
    expect(page.locator("#changes li")).to_have_count(3)
    expect(page.locator("#changes")).to_contain_text("breakfast")
    expect(page.get_by_label("Note to the agent")).to_have_value("kept")
    assert not house.payments("edit-plain")
    page.get_by_role("button", name="Approve with changes").click()
    house.wait_for_delivery(request["id"], "done")
    [payment] = house.payments("edit-plain")
    assert [(one["what"], one["amount"]) for one in payment["claim"]["items"]] == [("lodging", 1500), ("breakfast", 30)]
    assert payment["claim"]["booking"] == {"borne_by": "a project", "project": None}


def test_enter_in_a_field_neither_removes_a_row_nor_decides(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="edit-enter"))
    visitor = visit()
    visitor.open_request(request["id"], "?edit=1")
    page = visitor.page
    page.locator("[name='edit-claim.items/0/what']").press("Enter")
    expect(page.locator(".edit-rows > li")).to_have_count(1)
    expect(page.get_by_role("button", name="Approve with changes")).to_be_visible()


def test_the_fields_pass_axe_and_fit_a_phone(house: House, visit: Visit, screenshots: Path) -> None:
    request = house.request_of(house.ask(HOTEL, session="edit-looks"))
    for scheme in ("light", "dark"):
        visitor = visit(color_scheme=scheme, bypass_csp=True)
        page = visitor.page
        visitor.open_request(request["id"], "?edit=1")
        edit_all(page)
        page.locator("[name='edit-claim.reason']").fill("A hotel, two nights during the fair, and a breakfast.")
        page.locator("[name='edit-claim.amount']").fill("-1")
        expect(page.locator("#changes")).to_contain_text("doesn't fit yet")
        for width, height in ((1440, 1500), (390, 844), (320, 700)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=screenshots / f"editing-fields-{scheme}-{width}.png", full_page=True)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        page.add_script_tag(path=AXE)
        assert (
            page.evaluate("axe.run().then(result => result.violations.map(one => [one.id, one.nodes[0].html]))") == []
        )
