"""Chromium, and the house's people in it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from embedded.settings import ROOT
from tests.browser.visitor import Visitor
from tests.browser.watching import Watch
from tests.house.house import House

# Generous, because machines are shared: what matters is that it comes by itself.
expect.set_options(timeout=15_000)

_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that ``make test`` has found."""
    path = os.environ.get("CHROMIUM_PATH")
    if not path:
        pytest.skip(os.environ.get("NO_CHROMIUM_REASON", "CHROMIUM_PATH is not set; `make test` finds a browser"))
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures of the pages go."""
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


type Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chromium: Browser, house: House) -> Iterator[Visit]:
    """A function that signs somebody in, in a browser window of their own; what went wrong there fails the test."""
    yield from visiting(chromium, house)


def visiting(chromium: Browser, house: House) -> Iterator[Visit]:
    """Yield what `visit` is, for a house of a test's own."""
    visitors: list[Visitor] = []

    def sign_in(username: str = "reviewer", **options: object) -> Visitor:
        context: BrowserContext = chromium.new_context(base_url=house.url, **options)  # type: ignore[arg-type]
        page: Page = context.new_page()
        visitor = Visitor(page)
        visitors.append(visitor)
        visitor.sign_in(username, house.password)
        return visitor

    yield sign_in
    for visitor in visitors:
        visitor.page.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture(scope="module")
def hostile_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose agent sends what it is told to, with real runs behind it."""
    with House(tmp_path_factory.mktemp("hostile"), agents="tests.hostile.agents") as house:
        yield house


@pytest.fixture(scope="module")
def watch(chromium: Browser, hostile_house: House) -> Iterator[Watch]:
    """A reviewer there at the narrowest phone, watched; one for all tests of a file, which saves pages."""
    for visit in visiting(chromium, hostile_house):
        yield Watch(visit(), hostile_house.url)
