"""What is selected, and the note for it, outlive whatever one looks at meanwhile."""

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House

MESSAGE = "Please reimburse {:,} USD for a hotel, two nights during the harvest."
AMOUNTS = count(2401)


class Picked:
    """A list of three requests with two of them selected, and half a note."""

    def __init__(self, house: House, visitor: Visitor) -> None:
        amount = next(AMOUNTS)
        runs = [house.ask(MESSAGE.format(amount), session=f"picking-{amount}-{number}") for number in range(3)]
        self.ids = [int(house.request_of(run)["id"]) for run in runs]
        self.list = f"/?q={amount:,}".replace(",", "%2C")
        self.visitor, self.page = visitor, visitor.page
        self.page.goto(self.list)
        visitor.wait_until_live()
        for request_id in self.ids[:2]:
            self.page.locator(f"#pick-{request_id}").check()
        self.page.get_by_label("Note, a reason when rejecting").fill("not this season")

    def is_there(self) -> None:
        expect(self.page.locator("#picked")).to_have_text("2")
        for request_id, picked in zip(self.ids, (True, True, False), strict=True):
            expect(self.page.locator(f"#pick-{request_id}")).to_be_checked(checked=picked)
        expect(self.page.get_by_label("Note, a reason when rejecting")).to_have_value("not this season")

    def is_gone(self) -> None:
        expect(self.page.locator(".pick:checked")).to_have_count(0)
        expect(self.page.locator("#bulk-note")).to_have_value("")


@pytest.fixture
def picked(house: House, visit: Visit) -> Picked:
    return Picked(house, visit())


def test_a_look_at_a_request_or_at_another_list_leaves_them(picked: Picked) -> None:
    page = picked.page
    page.locator(f"#row-{picked.ids[2]}").click()
    expect(page).to_have_url(re.compile("/requests/"))
    picked.is_there()
    page.get_by_role("navigation", name="Queues").get_by_role("link", name="Decided").click()
    expect(page).to_have_url(re.compile("queue=decided"))
    expect(page.locator(".pick:checked")).to_have_count(0)
    page.goto(picked.list)
    picked.is_there()
    page.reload()
    picked.is_there()


def test_they_are_forgotten_when_they_were_decided_and_when_nothing_shall_be_selected(picked: Picked) -> None:
    page = picked.page
    page.get_by_role("button", name="Reject selected").click()
    expect(page.get_by_text("2 requests were rejected by you")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("[data-row]")).to_have_count(1)
    picked.is_gone()
    page.locator(f"#pick-{picked.ids[2]}").check()
    page.get_by_role("button", name="Select none").click()
    page.reload()
    picked.is_gone()


def test_a_session_that_ended_takes_them_from_nobody_and_signing_out_does(house: House, picked: Picked) -> None:
    page = picked.page
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Reject selected").click()
    picked.visitor.sign_in_here("reviewer", house.password)
    page.goto(picked.list)
    picked.is_there()
    _sign_out(page)
    picked.visitor.sign_in_here("reviewer", house.password)
    page.goto(picked.list)
    picked.is_gone()


def test_what_is_another_proposal_now_is_not_selected_any_more(picked: Picked) -> None:
    page = picked.page
    page.evaluate("""() => { for (const [key, kept] of Object.entries(sessionStorage))
      if (key.startsWith("draft-picks-")) sessionStorage.setItem(key, kept.replace(/(\\d+:)(\\w)/, "$1changed$2")) }""")
    page.reload()
    expect(page.locator("#picked")).to_have_text("1")
    expect(page.locator(f"#pick-{picked.ids[2]}")).not_to_be_checked()


def _sign_out(page: Page) -> None:
    page.locator(".user-button").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
