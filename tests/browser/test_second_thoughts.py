"""Undo in the browser: in a house whose reviewers may change their minds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit, visiting
from tests.house.house import House

HOTEL = "Please reimburse 1,900 USD for a hotel, three nights during the autumn fair."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that waits long enough for any machine, and not so long that a test would."""
    with House(tmp_path_factory.mktemp("undo"), COUNTERSIGN_UNDO_SECONDS="6") as house:
        yield house


@pytest.fixture
def visit(chromium: Browser, house: House) -> Iterator[Visit]:
    yield from visiting(chromium, house)


@pytest.mark.parametrize("by", ["click", "key"])
def test_an_approval_is_taken_back_and_becomes_a_rejection(
    house: House, visit: Visit, screenshots: Path, by: str
) -> None:
    request = house.request_of(house.ask(HOTEL, session=f"undo-{by}"))
    visitor = visit()
    visitor.open_request(request["id"])
    visitor.wait_until_live()
    page = visitor.page
    page.get_by_label("Note to the agent").fill("looks right")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#outcome")).to_contain_text("Goes out in")
    # One goes on in the panel: its next control is the one that undoes.
    expect(page.locator("#decision")).to_be_focused()
    page.screenshot(path=screenshots / "undo.png")
    if by == "click":
        page.get_by_role("button", name="Undo").click()
    else:
        page.keyboard.press("u")
    expect(page.get_by_text("Taken back")).to_be_visible()
    expect(page.locator("#decision")).to_be_focused()
    expect(page.get_by_label("Note to the agent")).to_have_value("looks right")
    page.screenshot(path=screenshots / "taken-back.png")
    page.get_by_label("Note to the agent").fill("not this one")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Rejected")
    # The page follows by itself: the button goes when the courier takes the decision.
    expect(page.locator("#outcome")).to_contain_text("The agent was told")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.locator("#record")).to_contain_text("took the approval back")
    assert not house.payments(f"undo-{by}")


def test_without_javascript_it_can_be_undone_and_too_late_is_said(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="undo-plain"))
    visitor = visit(java_script_enabled=False)
    visitor.open_request(request["id"])
    page = visitor.page
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    house.wait_for_delivery(request["id"], "done")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert")).to_contain_text("It is on its way to the agent and can't be taken back")
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
    assert len(house.payments("undo-plain")) == 1


def test_the_countdown_runs_and_is_no_live_region(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="undo-countdown"))
    visitor = visit(reduced_motion="reduce")
    visitor.open_request(request["id"])
    page = visitor.page
    page.get_by_role("button", name="Approve").click()
    left = page.locator("[data-left]")
    first = left.text_content()
    expect(left).not_to_have_text(str(first))
    assert page.locator("[role=status] [data-left], [role=alert] [data-left], [aria-live] [data-left]").count() == 0
    expect(page.locator("#news")).to_contain_text("goes out in a moment")


def test_a_key_that_approves_is_no_trap_and_edits_are_still_there(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="undo-edits"))
    visitor = visit()
    visitor.open_request(request["id"], "?edit=1")
    page = visitor.page
    page.locator("[name='edit-claim.amount']").fill("1200")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#outcome")).to_contain_text("Goes out in")
    page.keyboard.press("u")
    expect(page.locator("[name='edit-claim.amount']")).to_have_value("1200.0")
    page.keyboard.press("a")
    expect(page.locator("#outcome")).to_contain_text("payment")
    assert [payment["claim"]["amount"] for payment in house.payments("undo-edits")] == [1200]
