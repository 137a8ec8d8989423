"""A reviewer decides in the browser; the page follows by itself what comes of it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House

HOTEL = "Please reimburse 1,800 USD for a hotel, three nights during the customer workshop."
SERVER = "Please reimburse 12,800 USD for equipment, a server for the lab."
DINNER = "I would like to claim a dinner of 1,320 USD for which I lost the receipt."


def test_an_approval_goes_by_itself_from_sent_to_done_and_shows_what_the_tool_returned(
    house: House, visit: Visit, screenshots: Path
) -> None:
    request = house.request_of(house.ask(HOTEL, session="browser-approve"))
    visitor = visit()
    visitor.open_request(request["id"])
    visitor.wait_until_live()
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text(request["title"])
    expect(page.locator("#what")).to_contain_text("1,800")
    expect(page.locator("#run")).to_contain_text("Waiting for a decision")
    page.screenshot(path=screenshots / "request-pending.png")
    page.get_by_label("Note to the agent").fill("receipt checked")
    page.get_by_role("button", name="Approve").click()
    stages = page.locator("#outcome .stages > li")
    for number in range(4):
        expect(stages.nth(number)).to_have_attribute("data-state", "done")
    expect(page.locator("#outcome")).to_contain_text("payment")
    expect(page.locator("#record")).to_contain_text("receipt checked")
    page.screenshot(path=screenshots / "request-done.png")
    assert len(house.payments("browser-approve")) == 1


def test_rejecting_without_a_reason_asks_for_one_and_loses_nothing(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="browser-reject"))
    visitor = visit()
    visitor.open_request(request["id"])
    page = visitor.page
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#id_note-missing")).to_be_visible()
    page.get_by_label("Note to the agent").fill("no receipt")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Rejected")
    expect(page.locator("#outcome")).to_contain_text("The agent was told")
    assert not house.payments("browser-reject")


def test_an_edit_that_does_not_fit_is_explained_at_its_field_and_one_that_fits_is_paid(
    house: House, visit: Visit, screenshots: Path
) -> None:
    request = house.request_of(house.ask(HOTEL, session="browser-edit"))
    visitor = visit()
    visitor.open_request(request["id"])
    page = visitor.page
    page.get_by_role("link", name="Edit claim.amount").click()
    page.locator("[name='edit-claim.amount']").fill("999999999")
    # The browser would check the bounds by itself; what counts is that the server does.
    page.locator("#decide").evaluate("form => { form.noValidate = true }")
    page.get_by_label("Note to the agent").fill("kept")
    page.get_by_role("button", name="Approve with changes").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was decided")
    expect(page.locator("#what .errorlist")).to_be_visible()
    expect(page.get_by_label("Note to the agent")).to_have_value("kept")
    page.screenshot(path=screenshots / "request-edit-refused.png")
    page.locator("[name='edit-claim.amount']").fill("1500")
    page.get_by_role("button", name="Approve with changes").click()
    expect(page.locator("#what")).to_contain_text("changed, was 1,800")
    expect(page.locator("#outcome")).to_contain_text("payment")
    assert [payment["claim"]["amount"] for payment in house.payments("browser-edit")] == [1500]


def test_a_question_is_answered_by_choosing(house: House, visit: Visit, screenshots: Path) -> None:
    request = house.request_of(house.ask(DINNER, session="browser-answer"))
    visitor = visit()
    visitor.open_request(request["id"])
    page = visitor.page
    page.screenshot(path=screenshots / "question.png")
    page.get_by_label(request["choices"][0]).check()
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("#outcome .quote")).to_have_text(request["choices"][0])
    expect(page.locator("#outcome")).to_contain_text("The agent was told")


def test_the_keyboard_alone_is_enough(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="browser-keyboard"))
    visitor = visit()
    page = visitor.page
    page.goto("/?agent=claims_agent")
    visitor.wait_until_live()
    # By its deadline, an agent's newest request is last, and that is where going up begins.
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{house.url}/requests/{request['id']}/?agent=claims_agent")
    visitor.wait_until_live()
    page.keyboard.press("r")
    page.keyboard.type("a reason, typed: a r e j k")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#outcome .verdict")).to_contain_text("Rejected")
    expect(page.locator("#outcome .quote")).to_have_text("a reason, typed: a r e j k")


def test_without_javascript_everything_can_be_decided(house: House, visit: Visit) -> None:
    edited = house.request_of(house.ask(HOTEL, session="plain-edit"))
    asked = house.request_of(house.ask(DINNER, session="plain-answer"))
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    visitor.row(edited["title"]).first.click()
    visitor.open_request(edited["id"])
    page.get_by_role("link", name="Edit claim.amount").click()
    page.locator("[name='edit-claim.amount']").fill("1200")
    page.get_by_role("button", name="Approve with changes").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
    house.wait_for_delivery(edited["id"], "done")
    page.reload()
    expect(page.locator("#outcome")).to_contain_text("payment")
    visitor.open_request(asked["id"])
    page.get_by_label(asked["choices"][1]).check()
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Answered")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_on_a_phone_a_high_risk_is_confirmed_beside_the_button_without_scrolling(
    house: House, visit: Visit, screenshots: Path, script: bool
) -> None:
    request = house.request_of(house.ask(SERVER, session=f"browser-risk-{script}"))
    visitor = visit(viewport={"width": 320, "height": 640}, java_script_enabled=script)
    visitor.open_request(request["id"])
    page = visitor.page
    field, approve = page.locator("#id_confirmation"), page.get_by_role("button", name="Approve")
    assert page.evaluate("document.documentElement.scrollHeight") > 1500
    for place in (field, approve):
        expect(place).to_be_in_viewport(ratio=1)
    box, button = field.bounding_box(), approve.bounding_box()
    assert box
    assert button
    assert 0 <= button["y"] - box["y"] - box["height"] < 24
    assert button["y"] + button["height"] - box["y"] < 320, "most of the page is still to be read"
    # Where it stands, as a thumb would: a click by its name brings it into the middle first.
    page.mouse.click(button["x"] + 20, button["y"] + 20)
    expect(field).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("alert").first).to_contain_text("reimburse" if not script else "name of the tool")
    assert page.evaluate("scrollY") == 0
    page.screenshot(path=screenshots / f"high-risk-phone-{script}.png")
    field.fill("reimburse")
    approve.click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
