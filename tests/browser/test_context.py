"""What helps to decide: earlier decisions, what may be out of date, what waits behind; and the record, on paper too."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_every_page import AXE
from tests.house.house import House
from tests.house.people import Person

HOTEL = "Please reimburse 1,620 USD for a hotel, two nights at the trade fair."


@pytest.fixture(scope="module")
def asked_twice(house: House) -> tuple[int, int]:
    """A request that was approved and paid with changes, and the very same once more, with a message behind it."""
    first = house.request_of(house.ask(HOTEL, session="context-first"))
    with_changes(house, first)
    second = house.request_of(house.ask(HOTEL, session="context-second"))
    assert second["digest"] == first["digest"]
    house.ask("And what about my dinner?", session="context-second")
    return first["id"], second["id"]


def with_changes(house: House, request: dict[str, Any]) -> None:
    """Approve with another amount, and wait until it is paid."""
    with Person(house, "reviewer") as person:
        changed = {"editing": "1", "edit-claim.amount": "1500", "note": "receipt checked"}
        answer = person.decide(request["id"], "approve", **changed)
        assert answer.status_code == 200, answer.text
    house.wait_for_delivery(request["id"], "done")


def test_the_second_time_the_page_shows_the_earlier_decision_and_what_waits_behind(
    visit: Visit, asked_twice: tuple[int, int], screenshots: Path
) -> None:
    first, second = asked_twice
    visitor = visit()
    page = visitor.page
    visitor.open_request(second)
    flags = page.locator("#flags")
    expect(flags).to_contain_text("Exactly this was approved before")
    expect(page.locator("#behind")).to_contain_text("1 message waits behind this")
    history = page.locator("#history")
    expect(history).to_contain_text("the same arguments")
    expect(history).to_contain_text("receipt checked")
    page.screenshot(path=screenshots / "context.png")
    history.get_by_role("link", name=f"#{first}").click()
    expect(page.locator("#record .stations .changed")).to_contain_text("1,500")
    expect(page.locator("#record .record .contrasts")).to_contain_text("1,620")
    page.locator("#record").scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "record.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_sideways(
    visit: Visit, asked_twice: tuple[int, int], screenshots: Path, scheme: str
) -> None:
    first, second = asked_twice
    visitor = visit(color_scheme=scheme, bypass_csp=True)
    page = visitor.page
    for name, path in {
        "context": f"/requests/{second}/",
        "settled": f"/requests/{first}/",
        "paper": f"/requests/{first}/record/",
    }.items():
        for width, height in ((1440, 960), (390, 844), (320, 700)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=screenshots / f"{name}-{scheme}-{width}.png", full_page=True)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{name} at {width}"
        page.add_script_tag(path=AXE)
        assert page.evaluate("axe.run().then(result => result.violations)") == []


def test_the_record_prints(house: House, visit: Visit, asked_twice: tuple[int, int], screenshots: Path) -> None:
    first, _ = asked_twice
    visitor = visit()
    page = visitor.page
    visitor.open_request(first)
    page.get_by_role("link", name="Print the record").click()
    expect(page).to_have_url(f"{house.url}/requests/{first}/record/")
    expect(page).to_have_title(f"Record of #{first}: {page.locator('h1').inner_text()} · Countersign")
    page.emulate_media(media="print")
    expect(page.locator(".header")).to_be_hidden()
    expect(page.locator(".on-screen")).to_be_hidden()
    assert page.locator("details:not([open])").count() == 0
    paper = page.pdf(path=screenshots / "record.pdf", prefer_css_page_size=True, display_header_footer=True)
    assert paper.startswith(b"%PDF")
    assert b"/Title" in paper


def test_when_restate_is_away_the_page_says_what_it_can_not_know(
    house: House, visit: Visit, asked_twice: tuple[int, int]
) -> None:
    _, second = asked_twice
    visitor = visit("second-reviewer")
    house.kill("restate")
    try:
        visitor.open_request(second)
        expect(visitor.page.locator("#flags")).to_contain_text("Exactly this was approved before")
        expect(visitor.page.locator("#flags")).to_contain_text("Restate can't be asked at the moment")
    finally:
        house.start("restate")
