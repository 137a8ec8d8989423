"""Two reviewers and a requester at one request: who takes care of it, what they ask each other, what nobody loses."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House

HOTEL = "Please reimburse 1,650 USD for a hotel, three nights at the partner meeting."
SERVER = "Please reimburse 12,500 USD for equipment, a server for the lab."


def opened(visitor: Visitor, request_id: int) -> Visitor:
    visitor.open_request(request_id)
    visitor.wait_until_live()
    return visitor


def test_a_claim_is_seen_by_others_who_can_take_it_over_and_decide_all_the_same(
    house: House, visit: Visit, screenshots: Path
) -> None:
    request = house.request_of(house.ask(HOTEL, session="together-claim"))
    first, second = (opened(visit(name), request["id"]) for name in ("reviewer", "second-reviewer"))
    first.page.get_by_label("Note to the agent").fill("half a sentence")
    first.page.keyboard.press("Escape")
    first.page.keyboard.press("c")
    expect(first.page.locator("#claim")).to_contain_text("You take care of this")
    expect(first.page.get_by_label("Note to the agent")).to_have_value("half a sentence")
    expect(second.page.locator("#claim")).to_contain_text("reviewer takes care of this")
    second.page.screenshot(path=screenshots / "claimed.png")
    second.page.get_by_role("button", name="Take it over").click()
    expect(first.page.locator("#claim")).to_contain_text("second-reviewer takes care of this")
    first.page.get_by_role("button", name="Approve").click()
    expect(second.page.locator("#outcome .verdict")).to_contain_text("Approved")


def test_a_page_that_missed_a_claim_is_told_once_and_decides_then(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="together-missed"))
    blind, other = visit("reviewer", java_script_enabled=False), visit("second-reviewer")
    blind.open_request(request["id"])
    opened(other, request["id"]).page.keyboard.press("c")
    expect(other.page.locator("#claim")).to_contain_text("You take care of this")
    blind.page.get_by_label("Note to the agent").fill("every word")
    blind.page.get_by_role("button", name="Approve").click()
    expect(blind.page.get_by_role("alert").first).to_contain_text("second-reviewer claimed this")
    expect(blind.page.get_by_label("Note to the agent")).to_have_value("every word")
    blind.page.get_by_role("button", name="Approve").click()
    expect(blind.page.locator("#outcome .verdict")).to_contain_text("Approved")


def test_the_person_behind_the_run_is_asked_and_answers_while_the_request_waits(
    house: House, visit: Visit, screenshots: Path
) -> None:
    request = house.request_of(house.ask(HOTEL, session="together-ask"))
    asking, asked = (opened(visit(name), request["id"]) for name in ("reviewer", "requester"))
    page = asking.page
    page.keyboard.press("q")
    page.keyboard.type("Which city <b>was</b> it?")
    page.get_by_label("To", exact=True).select_option("requester")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#thread-entries")).to_contain_text("Waits for an answer")
    expect(asked.page.locator("#notices")).to_contain_text("reviewer asks you something")
    expect(asked.page.locator("#thread-entries")).to_contain_text("Which city <b>was</b> it?")
    expect(asked.page.locator("#notices")).to_contain_text("There is 1 new comment.")
    page.get_by_label("Note to the agent").fill("being written")
    asked.page.get_by_role("link", name="Answer").click()
    asked.page.keyboard.type("Lisbon.")
    asked.page.screenshot(path=screenshots / "answering.png")
    asked.page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#thread-entries")).to_contain_text("Lisbon.")
    expect(page.locator("#thread-entries")).not_to_contain_text("Waits for an answer")
    expect(page.get_by_label("Note to the agent")).to_have_value("being written")
    # The page has shown the answer by itself, so the decision counts at once.
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")


def test_a_high_risk_counts_only_when_the_tools_name_was_typed(house: House, visit: Visit, screenshots: Path) -> None:
    request = house.request_of(house.ask(SERVER, session="together-risk"))
    visitor = opened(visit(), request["id"])
    page = visitor.page
    page.screenshot(path=screenshots / "high-risk.png")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#id_confirmation-missing")).to_be_visible()
    page.locator("#id_confirmation").fill("reimburs")
    page.get_by_label("Note to the agent").fill("kept")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#problem")).to_contain_text("Type reimburse to confirm")
    expect(page.get_by_label("Note to the agent")).to_have_value("kept")
    page.locator("#id_confirmation").fill("reimburse")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")


def test_a_high_risk_is_approved_by_keys_alone_and_no_letter_of_the_name_is_a_key(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(SERVER, session="together-risk-keys"))
    page = opened(visit(), request["id"]).page
    page.get_by_label("Note to the agent").fill("ok from me")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.type("reimburse")
    expect(page.locator("#id_confirmation")).to_have_value("reimburse")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
    expect(page.locator("#outcome")).to_contain_text("ok from me")


def test_enter_in_a_field_sends_nothing_that_is_being_written_elsewhere(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(SERVER, session="together-enter"))
    page = opened(visit(), request["id"]).page
    page.locator("#ask summary").click()
    page.get_by_label("Question or comment").fill("half a thought")
    page.locator("#id_confirmation").press("Enter")
    expect(page.locator("#id_confirmation-missing")).to_be_visible()
    expect(page.get_by_label("Question or comment")).to_have_value("half a thought")
    expect(page.locator("#thread-entries li")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_an_offered_reason_is_enough_to_reject(house: House, visit: Visit, script: bool) -> None:
    request = house.request_of(house.ask(HOTEL, session=f"together-reason-{script}"))
    page = visit(java_script_enabled=script).page
    page.goto(f"/requests/{request['id']}/")
    page.get_by_label("It was paid already.").check()
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Rejected")
    expect(page.locator("#outcome .quote")).to_have_text("It was paid already.")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_request_is_snoozed_and_woken_with_the_note_still_there(
    house: House, visit: Visit, screenshots: Path, script: bool
) -> None:
    request = house.request_of(house.ask(HOTEL, session=f"together-snooze-{script}"))
    page = visit(java_script_enabled=script).page
    page.goto(f"/requests/{request['id']}/")
    page.get_by_label("Note to the agent").fill("later")
    page.locator("#snooze summary").click()
    expect(page.get_by_role("button", name="Until the deadline is near")).to_be_visible()
    page.screenshot(path=screenshots / "snoozing.png")
    page.get_by_role("button", name="Until tomorrow morning").click()
    expect(page.locator(".snoozed")).to_contain_text("Snoozed for you until")
    expect(page.get_by_label("Note to the agent")).to_have_value("later")
    page.get_by_role("button", name="Wake it now").click()
    expect(page.locator(".snoozed")).to_have_count(0)
    expect(page.get_by_label("Note to the agent")).to_have_value("later")


def test_a_note_outlives_the_end_of_the_session(house: House, visit: Visit) -> None:
    request = house.request_of(house.ask(HOTEL, session="together-session"))
    visitor = opened(visit(), request["id"])
    page = visitor.page
    page.get_by_label("Note to the agent").fill("written before the session ended")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Approve").click()
    visitor.sign_in_here("reviewer", house.password)
    expect(page).to_have_url(f"{house.url}/requests/{request['id']}/")
    expect(page.get_by_label("Note to the agent")).to_have_value("written before the session ended")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#outcome .quote")).to_have_text("written before the session ended")
    page.reload()
    expect(page.locator("#kept")).to_be_hidden()


def test_a_note_stays_readable_when_somebody_else_decides_meanwhile(
    house: House, visit: Visit, screenshots: Path
) -> None:
    request = house.request_of(house.ask(HOTEL, session="together-late"))
    writing, deciding = (opened(visit(name), request["id"]) for name in ("reviewer", "second-reviewer"))
    writing.page.get_by_label("Note to the agent").fill("a long thought")
    deciding.page.get_by_role("button", name="Approve").click()
    expect(writing.page.locator("#outcome .verdict")).to_contain_text("Approved")
    expect(writing.page.get_by_label("What you had written")).to_have_value("a long thought")
    writing.page.screenshot(path=screenshots / "kept.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_decision_stays_within_reach(
    house: House, visit: Visit, screenshots: Path, scheme: str, width: int
) -> None:
    request = house.request_of(house.ask(SERVER, session=f"together-{scheme}-{width}"))
    other = opened(visit("second-reviewer"), request["id"])
    other.page.keyboard.press("q")
    other.page.keyboard.type("Is this the one for the lab?\nThe quote said 11,900.")
    other.page.get_by_label("To", exact=True).select_option("reviewer")
    other.page.get_by_role("button", name="Send", exact=True).click()
    expect(other.page.locator("#thread-entries")).to_contain_text("11,900")
    size = {"width": width, "height": 900 if width > 1000 else 844}
    page = visit("reviewer", viewport=size, color_scheme=scheme).page
    page.goto(f"/requests/{request['id']}/")
    expect(page.get_by_role("button", name="Approve")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Reject")).to_be_in_viewport()
    page.screenshot(path=screenshots / f"together-{scheme}-{width}.png")
    page.screenshot(path=screenshots / f"together-{scheme}-{width}-whole.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
