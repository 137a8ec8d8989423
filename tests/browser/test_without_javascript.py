"""Scripts are off: all but live updates, keys, drafts and who else is looking works by links and forms.

Editing, snoozing, undoing, offered reasons, language and theme are shown to do so beside how they work with scripts.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from approvals.selectors.paging import PAGE_SIZE
from tests.browser.conftest import Visit
from tests.hostile.announcing import announcement, put
from tests.house.house import House
from tests.house.people import Person

HOTEL = "Please reimburse 1,680 USD for a hotel, two nights during the audit."
SERVER = "Please reimburse 12,800 USD for equipment, a server for the lab."


@pytest.fixture
def page(visit: Visit) -> Page:
    """A reviewer's page without scripts."""
    return visit("reviewer", java_script_enabled=False).page


def asked(house: House, message: str, session: str) -> int:
    return int(house.request_of(house.ask(message, session=f"plain-{session}"))["id"])


def announced(house: House, title: str, tool: str) -> int:
    """Have a request whose run nobody knows; the inbox takes it back after a minute, when the test is over."""
    answer = put(house, announcement(title=title, tool=tool))
    assert answer.status_code == 201, answer.text
    return int(answer.json()["request_id"])


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=False).first.click()


def test_a_list_is_filtered_sorted_searched_paged_and_kept_under_a_name(house: House, page: Page) -> None:
    for number in range(PAGE_SIZE + 1):
        announced(house, f"Bookworm {number:02}", tool="plain_paging")
    page.goto("/")
    page.locator("#filters summary").click()
    page.locator("#filters").get_by_role("link", name="plain_paging").click()
    expect(page.locator(".chips")).to_contain_text("plain_paging")
    page.locator("#sorts summary").click()
    page.locator("#sorts").get_by_role("link", name="oldest", exact=False).click()
    expect(page.locator("[data-row]")).to_have_count(PAGE_SIZE)
    page.get_by_role("link", name="More", exact=True).click()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Back to the beginning").click()
    page.locator("#filters summary").click()
    page.get_by_label("Name", exact=True).fill("Page by page")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.goto("/")
    page.get_by_role("navigation", name="Saved views").get_by_role("link", name="Page by page").click()
    expect(page.locator(".chips")).to_contain_text("plain_paging")
    page.get_by_label("Search requests").fill("Bookworm 07")
    page.get_by_label("Search requests").press("Enter")
    expect(page).to_have_url(re.compile("q=Bookworm"))
    page.locator("[data-row]", has_text="Bookworm 07").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bookworm 07")


def test_a_high_risk_is_confirmed_and_the_record_is_a_page(house: House, page: Page) -> None:
    request_id = asked(house, SERVER, "risk")
    page.goto(f"/requests/{request_id}/")
    press(page, "Approve")
    expect(page.get_by_role("alert").first).to_contain_text("Type reimburse to confirm")
    page.locator("#id_confirmation").fill("reimburse")
    press(page, "Approve")
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
    page.locator(f"a[href='/requests/{request_id}/record/']").click()
    expect(page.locator("main")).to_contain_text("approved")


def test_a_decided_request_leads_to_the_next_one(house: House, page: Page) -> None:
    ids = [asked(house, HOTEL.replace("1,680", "1,684"), f"next-{number}") for number in range(2)]
    page.goto(f"/requests/{max(ids)}/?q=1,684")
    press(page, "Approve")
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
    page.get_by_role("link", name="Next: ").click()
    expect(page).to_have_url(re.compile(f"/requests/{min(ids)}/"))
    press(page, "Approve")
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
    expect(page.get_by_role("link", name="Next: ")).to_have_count(0)


def test_somebody_is_asked_and_answers_while_it_waits(house: House, visit: Visit, page: Page) -> None:
    request_id = asked(house, HOTEL, "asking")
    page.goto(f"/requests/{request_id}/")
    page.locator("#ask summary").click()
    page.get_by_label("To", exact=True).select_option("requester")
    page.get_by_label("Question or comment").fill("Which city was it?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#thread-entries")).to_contain_text("Waits for an answer")
    other = visit("requester", java_script_enabled=False).page
    other.goto(f"/requests/{request_id}/")
    expect(other.locator("#notices")).to_contain_text("reviewer asks you something")
    other.get_by_label("Question or comment").fill("Lisbon.")
    other.get_by_role("button", name="Send", exact=True).click()
    page.reload()
    expect(page.locator("#thread-entries")).to_contain_text("Lisbon.")
    expect(page.locator("#thread-entries")).not_to_contain_text("Waits for an answer")


def test_a_request_is_claimed_and_let_go(house: House, page: Page) -> None:
    page.goto(f"/requests/{asked(house, HOTEL, 'claiming')}/")
    page.get_by_label("Note to the agent").fill("kept")
    press(page, "Take care of it")
    expect(page.locator("#claim")).to_contain_text("You take care of this")
    expect(page.get_by_label("Note to the agent")).to_have_value("kept")
    press(page, "Let go of it")
    expect(page.locator("#claim")).to_have_text("")


def test_several_are_decided_together(house: House, page: Page) -> None:
    ids = [asked(house, HOTEL.replace("1,680", "1,683"), f"bulk-{number}") for number in range(2)]
    page.goto("/?queue=mine&q=1,683")
    for request_id in ids:
        page.locator(f"#pick-{request_id}").check()
    page.get_by_label("Note, a reason when rejecting").fill("not today")
    press(page, "Reject selected")
    expect(page.get_by_text("2 requests were rejected by you")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("[data-row]")).to_have_count(0)


def test_what_was_refused_together_is_tried_again_with_nothing_lost(house: House, page: Page) -> None:
    ids = [asked(house, HOTEL.replace("1,680", "1,684"), f"again-{number}") for number in range(2)]
    page.goto("/?queue=mine&q=1,684")
    for request_id in ids:
        page.locator(f"#pick-{request_id}").check()
    press(page, "Reject selected")
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    for request_id in ids:
        expect(page.locator(f"#pick-{request_id}")).to_be_checked()
    page.get_by_label("Note, a reason when rejecting").fill("not today")
    with Person(house, "second-reviewer") as colleague:
        colleague.decide(ids[0], "comment", comment="Wait a moment.")
    press(page, "Reject selected")
    expect(page.get_by_text("1 request was rejected by you")).to_be_visible()
    expect(page.get_by_text("There is 1 new comment.")).to_be_visible()
    expect(page.get_by_label("Note, a reason when rejecting")).to_have_value("not today")
    press(page, "Reject selected")
    expect(page.get_by_text("1 request was rejected by you")).to_be_visible()
    expect(page.get_by_role("heading", name="What did not go through")).to_have_count(0)


def test_the_keys_and_the_menu_are_pages_and_forms(page: Page) -> None:
    page.goto("/")
    page.locator(".user-button").click()
    page.get_by_role("link", name="Keys").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
    page.locator(".user-button").click()
    press(page, "Sign out")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_nothing_speaks_of_what_needs_scripts(house: House, page: Page) -> None:
    request_id = asked(house, HOTEL, "silent")
    for path in ("/", f"/requests/{request_id}/"):
        page.goto(path)
        expect(page.locator("[data-row], #decision").first).to_be_visible()
        assert page.locator("kbd:visible").count() == 0
        expect(page.get_by_text("Selected:")).to_be_hidden()
        page.locator(".user-button").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        expect(page.locator("[data-palette]")).to_be_hidden()
    page.goto("/keys/")
    expect(page.locator("main noscript p")).to_be_visible()
