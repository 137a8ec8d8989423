"""The page of health, and what becomes of it when a part goes away and comes back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Visit, visiting
from tests.house.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own, for parts of it are stopped."""
    with House(tmp_path_factory.mktemp("health")) as house:
        yield house


@pytest.fixture
def visit(chromium: Browser, house: House) -> Iterator[Visit]:
    """Sign in there."""
    yield from visiting(chromium, house)


def part(page: Page, code: str, condition: str) -> Locator:
    return page.locator(f"#part-{code}[data-condition={condition}]")


def test_parts_that_go_away_are_said_to_and_come_back_by_themselves(house: House, visit: Visit) -> None:
    page = visit("operator").page
    page.goto("/runs/")
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Health").click()
    for code in ("engine", "courier", "endpoints", "intake", "database", "pages"):
        expect(part(page, code, "well")).to_be_visible()
    expect(part(page, "endpoints", "well")).to_contain_text("Claims v1")
    house.kill("agents")
    unknown, trouble = part(page, "endpoints", "unknown"), part(page, "endpoints", "trouble")
    expect(unknown).to_contain_text("can't be reached from Countersign. No run fails there so far", timeout=20_000)
    house.ask("What is the weather like?", session="nobody-there", service="Weather")
    expect(trouble).to_contain_text("can't be reached from Countersign, and runs fail there", timeout=20_000)
    house.kill("restate")
    expect(part(page, "engine", "trouble")).to_contain_text("decisions are kept", timeout=20_000)
    expect(part(page, "endpoints", "unknown")).to_be_visible(timeout=20_000)
    house.start("restate")
    house.start("agents")
    for code in ("engine", "courier", "endpoints"):
        expect(part(page, code, "well")).to_be_visible(timeout=30_000)


def test_a_courier_that_stops_is_missed(house: House, visit: Visit) -> None:
    page = visit("viewer").page
    house.kill("courier")
    page.goto("/health/")
    expect(part(page, "courier", "trouble")).to_contain_text("No courier has been seen", timeout=60_000)
    house.start("courier")
    expect(part(page, "courier", "well")).to_be_visible(timeout=20_000)
