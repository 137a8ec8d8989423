"""What a screen reader is told: landmarks by names, headings in their order, and news in few words."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House
from tests.house.people import Person

HOTEL = "Please reimburse 1,695 USD for a hotel, two nights during the audit."
# Landmarks by role and name, the levels of the headings, and how much each live region holds; of what is there to see.
TOLD = """() => {
  const there = (element) => element.checkVisibility({ visibilityProperty: true });
  const name = (element) => element.getAttribute("aria-label")
    ?? document.getElementById(element.getAttribute("aria-labelledby"))?.textContent.trim() ?? "";
  const roles = { HEADER: "banner", MAIN: "main", NAV: "navigation", ASIDE: "complementary", FOOTER: "contentinfo",
                  SECTION: "region", FORM: "form" };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(there);
  const landmarks = all("body > header, main, nav, aside, footer, section, form, [role=search]").map(
    (element) => [element.getAttribute("role") ?? roles[element.tagName], name(element)])
    .filter(([role, named]) => named || !["region", "form"].includes(role));
  return {
    landmarks: landmarks.map((pair) => pair.join(" ").trim()),
    levels: all("h1, h2, h3, h4, h5, h6").map(({ tagName }) => Number(tagName[1])),
    live: all("[role=status], [role=alert], [aria-live]").map(({ textContent }) => textContent.trim().length),
  };
}"""


@pytest.fixture(scope="module")
def paths(house: House) -> dict[str, str]:
    asked = house.request_of(house.ask(HOTEL, session="screen-reader"))["id"]
    one = f"/requests/{asked}/"
    return {
        "inbox": "/", "request": one, "editing": f"{one}?edit=1", "record": f"{one}record/", "keys": "/keys/",
        "decided": "/?queue=decided", "not found": "/requests/999999/",
    }  # fmt: skip


def test_landmarks_are_told_apart_headings_skip_no_level_and_news_is_short(visit: Visit, paths: dict[str, str]) -> None:
    visitor = visit()
    wrong: dict[str, Any] = {}
    for name, path in paths.items():
        visitor.page.goto(path)
        visitor.wait_until_live()
        told = visitor.page.evaluate(TOLD)
        landmarks, levels = told["landmarks"], told["levels"]
        assert {"banner", "main", "navigation Main"} <= set(landmarks), name
        twice = {landmark for landmark in landmarks if landmarks.count(landmark) > 1}
        skipped = [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1]
        if twice or skipped or levels.count(1) != 1 or max(told["live"]) > 160:
            wrong[name] = twice, skipped, levels, told["live"]
    assert wrong == {}


def test_a_request_names_its_parts(visit: Visit, paths: dict[str, str]) -> None:
    visitor = visit()
    visitor.page.goto(paths["request"])
    landmarks = visitor.page.evaluate(TOLD)["landmarks"]
    for part in ("complementary Queue", "region Decision", "region What will run", "region Run", "navigation Queues"):
        assert part in landmarks


def test_being_live_is_not_read_out_on_each_page(visit: Visit) -> None:
    visitor = visit()
    visitor.wait_until_live()
    expect(visitor.page.locator("#connection")).to_have_text("Live", use_inner_text=True)
    expect(visitor.page.locator("#connection [role=status]")).to_have_text("", use_inner_text=True)
    assert visitor.page.locator("[role=status]", has=visitor.page.locator(".when-live")).count() == 0


@pytest.mark.parametrize("line", ["claim", "engine", "news"])
def test_news_comes_into_a_region_that_stays(house: House, visit: Visit, line: str) -> None:
    asked = int(house.request_of(house.ask(HOTEL, session=f"screen-reader-{line}"))["id"])
    visitor = visit()
    visitor.open_request(asked)
    visitor.wait_until_live()
    page = visitor.page
    page.evaluate(f"globalThis.region = document.querySelector('#{line}').parentElement.closest('[role=status]')")
    with Person(house, "second-reviewer") as person:
        person.decide(asked, "claim")
    expect(page.locator("#claim")).to_contain_text("takes care of this")
    assert page.evaluate(f"region.isConnected && region.contains(document.querySelector('#{line}'))")
    assert page.locator(f"#{line}[role], #{line}[aria-live]").count() == 0


def test_of_the_changes_while_editing_only_their_number_is_read_out(visit: Visit, paths: dict[str, str]) -> None:
    page = visit().page
    page.goto(paths["editing"])
    page.locator("[name='edit-claim.amount']").fill("1500")
    expect(page.locator("#changes li")).to_have_count(1)
    number = page.locator("[role=status] #change-count")
    expect(number).to_have_text("1 change")
    page.locator("[name='edit-claim.amount']").fill("-1")
    expect(number).to_contain_text("1 value doesn't fit yet")
    assert page.locator("#changes").evaluate("(changes) => changes.closest('[aria-live], [role=status]')") is None
