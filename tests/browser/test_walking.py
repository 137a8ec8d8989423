"""From one request to the next with j and k: what they show is what the other keys are about."""

import re
from itertools import count

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House

MESSAGE = "Please reimburse {:,} USD for a hotel, two nights during the walk."
AMOUNTS = count(2301)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 700, "height": 900}
TYPED_TOGETHER = """(keys) => { for (const key of keys) document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true })) }"""


class Walk:
    """A list of four requests that nothing else is in, and a reviewer at the first one."""

    def __init__(self, house: House, visit: Visit, size: dict[str, int]) -> None:
        amount = next(AMOUNTS)
        runs = [house.ask(MESSAGE.format(amount), session=f"walk-{amount}-{number}") for number in range(4)]
        # What a search finds comes newest first.
        self.ids = sorted((int(house.request_of(run)["id"]) for run in runs), reverse=True)
        self.query = f"?q={amount:,}".replace(",", "%2C")
        self.house = house
        self.visitor: Visitor = visit(viewport=size)
        self.page: Page = self.visitor.page
        self.visitor.open_request(self.ids[0], self.query)
        self.visitor.wait_until_live()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def is_at(self, number: int) -> None:
        expect(self.page).to_have_url(re.compile(rf"/requests/{self.ids[number]}/\{self.query}$"))
        expect(self.page.locator("#presence")).to_have_attribute("data-request", str(self.ids[number]))
        expect(self.page.locator(f"#decide[action='/requests/{self.ids[number]}/approve/'], #outcome")).to_be_visible()
        self.visitor.wait_until_live()

    def statuses(self) -> list[str]:
        rows = self.house.rows("SELECT id, status FROM approvals_approvalrequest WHERE id = ANY(%s)", self.ids)
        found = {row["id"]: str(row["status"]) for row in rows}
        return [found[pk] for pk in self.ids]


@pytest.fixture
def walk(house: House, visit: Visit) -> Walk:
    """A wide screen: the list stands beside the request."""
    return Walk(house, visit, WIDE)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_j_opens_the_next_request_and_a_approves_that_one(house: House, visit: Visit, size: dict[str, int]) -> None:
    walk = Walk(house, visit, size)
    walk.press("j")
    walk.is_at(1)
    walk.press("j")
    walk.is_at(2)
    walk.press("k")
    walk.is_at(1)
    if size is WIDE:
        row = walk.page.locator(f"#row-{walk.ids[1]}")
        expect(row).to_be_focused()
        expect(row).to_have_attribute("aria-current", "page")
        expect(walk.page.locator("[data-row][aria-current]")).to_have_count(1)
    walk.press("a")
    expect(walk.page.locator("#outcome .verdict")).to_contain_text("Approved")
    assert walk.statuses() == ["pending", "approved", "pending", "pending"]


def test_what_is_passed_quickly_is_not_asked_for(walk: Walk) -> None:
    asked: list[str] = []
    pages = re.compile(r"/requests/(\d+)/\?")
    walk.page.on("request", lambda request: asked.extend(pages.findall(request.url)))
    walk.page.evaluate(TYPED_TOGETHER, ["j", "j", "j"])
    walk.is_at(3)
    expect(walk.page.locator(f"#row-{walk.ids[3]}")).to_be_focused()
    assert asked[-1] == str(walk.ids[3])
    assert str(walk.ids[2]) not in asked


def test_a_request_that_is_on_its_way_takes_no_key_and_nothing_is_decided_in_its_place(walk: Walk) -> None:
    held: list[Route] = []
    walk.page.route(re.compile(f"/requests/{walk.ids[1]}/\\?"), lambda route: held.append(route))
    walk.press("j")
    expect(walk.page.locator("main[inert]")).to_be_attached()
    walk.press("a")
    walk.page.wait_for_timeout(300)
    held[0].continue_()
    walk.is_at(1)
    assert walk.statuses() == ["pending"] * 4


def test_keys_open_the_row_that_has_the_focus_before_they_are_about_it(walk: Walk) -> None:
    walk.page.locator(f"#row-{walk.ids[2]}").focus()
    walk.press("a")
    walk.is_at(2)
    assert walk.statuses() == ["pending"] * 4
    walk.press("a")
    expect(walk.page.locator("#outcome .verdict")).to_contain_text("Approved")
    assert walk.statuses() == ["pending", "pending", "approved", "pending"]


def test_a_note_stays_with_its_request_and_a_page_begins_at_its_top(walk: Walk) -> None:
    note = walk.page.get_by_label("Note to the agent")
    note.fill("about the first")
    walk.press("Escape")
    walk.page.mouse.wheel(0, 400)
    walk.press("j")
    walk.is_at(1)
    expect(note).to_have_value("")
    assert walk.page.evaluate("scrollY") == 0
    walk.press("k")
    walk.is_at(0)
    expect(note).to_have_value("about the first")


def test_the_browsers_back_leads_to_the_request_before(walk: Walk) -> None:
    walk.press("j")
    walk.is_at(1)
    walk.page.go_back()
    walk.is_at(0)


def test_what_does_not_come_beside_the_list_is_opened_as_a_page(walk: Walk) -> None:
    walk.visitor.expected.append("ERR_FAILED")
    walk.page.route(re.compile(f"/requests/{walk.ids[1]}/\\?"), lambda route: route.abort(), times=1)
    walk.press("j")
    walk.is_at(1)
    walk.press("j")
    walk.is_at(2)


def test_an_answer_that_comes_late_is_not_put_into_another_requests_page(walk: Walk) -> None:
    held: list[Route] = []
    walk.page.route(re.compile(f"/requests/{walk.ids[0]}/live/"), lambda route: held.append(route))
    # A comment has the first page ask for its fragments, which come when the second is shown.
    walk.page.evaluate(f"document.body.dispatchEvent(new Event('request-{walk.ids[0]}'))")
    walk.page.wait_for_timeout(100)
    walk.press("j")
    walk.is_at(1)
    state = walk.page.locator("#record").inner_text()
    with walk.page.expect_response(re.compile(f"/requests/{walk.ids[0]}/live/")):
        held[0].continue_()
    walk.page.wait_for_timeout(300)
    assert walk.page.locator("#record").inner_text() == state
    assert str(walk.ids[0]) not in str(walk.page.locator("#decision").get_attribute("data-drafts"))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_whoever_has_decided_goes_on_where_they_were_in_the_list(
    house: House, visit: Visit, size: dict[str, int]
) -> None:
    walk = Walk(house, visit, size)
    walk.press("j")
    walk.is_at(1)
    walk.press("a")
    expect(walk.page.locator("#outcome")).to_contain_text("Approved")
    link = walk.page.get_by_role("link", name="Next: ")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", f"/requests/{walk.ids[2]}/{walk.query}")
    walk.visitor.wait_until_live()
    walk.press("j")
    walk.is_at(2)
    walk.press("a")
    expect(walk.page.locator("#outcome")).to_contain_text("Approved")
    walk.visitor.wait_until_live()
    walk.press("k")
    walk.is_at(0)
    walk.press("j")
    walk.is_at(3)
    walk.press("a")
    expect(walk.page.locator("#outcome")).to_contain_text("Approved")
    # Behind the last comes what was passed over.
    link.click()
    walk.is_at(0)


def test_what_somebody_else_decides_leads_to_the_next_one_too(walk: Walk, visit: Visit) -> None:
    other = visit("second-reviewer")
    other.open_request(walk.ids[0])
    other.page.get_by_role("button", name="Approve").click()
    expect(walk.page.locator("#outcome .verdict")).to_be_visible()
    expect(walk.page.locator(f"#row-{walk.ids[0]}")).to_have_count(0)
    link = walk.page.get_by_role("link", name="Next: ")
    expect(link).to_have_attribute("href", f"/requests/{walk.ids[1]}/{walk.query}")
    walk.press("j")
    walk.is_at(1)
