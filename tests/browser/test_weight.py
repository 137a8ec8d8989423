"""How much a first visit loads, from whom, and what a second one still asks for."""

import re
from itertools import cycle
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response

from approvals.selectors.paging import PAGE_SIZE
from embedded.settings import ROOT
from tests.browser.conftest import Visit
from tests.hostile.announcing import announcement, put
from tests.house.house import House

MOST = 60_000  # bytes, compressed: everything from the page to the last answer that its scripts fetch
HOTEL = "Please reimburse 1,670 USD for a hotel, two nights during the audit."
KINDS = [
    ("Reimburse lodging", "claims_agent", "reimburse"),
    ("Refund order 48-1207", "support_agent", "refund"),
    ("Pay the invoice of the caterers", "billing_agent", "pay_invoice"),
    ("Give the contractor access to staging", "access_agent", "grant_access"),
    ("Book flights to Lisbon", "travel_agent", "book"),
    ("Write off an old claim", "ledger_agent", "write_off"),
    ("Order forty chairs", "buying_agent", "place_order"),
]
LOADED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(
  (one) => ({ path: one.name.replace(location.origin, ""), size: one.encodedBodySize, sent: one.transferSize }))"""


@pytest.fixture(scope="module")
def paths(house: House) -> dict[str, str]:
    """A full list of many kinds, and a request beside it. The list is chosen, since others fill the inbox too."""
    request = house.request_of(house.ask(HOTEL, session="weight"))["id"]
    for number, (what, agent, tool) in zip(range(PAGE_SIZE), cycle(KINDS), strict=False):
        row = {"title": f"{what}, weighed: {1100 + 37 * number}.00 USD", "agent": agent, "tool": tool}
        assert put(house, announcement(**row, requester="requester")).status_code == 201
    itself = f"/requests/{request}/?q=weighed"
    return {"inbox": "/?q=weighed", "request": itself, "editing": f"{itself}&edit=1"}


def load(page: Page, path: str) -> list[dict[str, Any]]:
    """Open a page and return what the browser loaded for it."""
    page.goto(path)
    page.locator("#connection[data-state=live]").wait_for()
    page.wait_for_load_state("networkidle")
    loaded: list[dict[str, Any]] = page.evaluate(LOADED)
    return loaded


def newcomer(chromium: Browser, visit: Visit, house: House) -> BrowserContext:
    """Return a browser that has a session and has seen nothing of the site yet."""
    state = visit().page.context.storage_state()
    return chromium.new_context(base_url=house.url, storage_state=state)


@pytest.mark.parametrize("name", ["inbox", "request", "editing"])
def test_a_first_visit_loads_less_than_60_kb_and_a_second_only_what_may_have_changed(
    chromium: Browser, visit: Visit, house: House, paths: dict[str, str], name: str
) -> None:
    with newcomer(chromium, visit, house) as context:
        page = context.new_page()
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))
        first = load(page, paths[name])
        assert len([one for one in first if one["path"].startswith("/static/")]) > 15
        heaviest = sorted(first, key=lambda one: -one["size"])
        assert sum(one["size"] for one in first) < MOST, heaviest
        again = load(page, paths[name])
        assert [one["path"] for one in again if one["sent"] and one["path"].startswith("/static/")] == []
        assert {re.sub(r"(//[^/]+).*", r"\1", request.url) for request in asked} == {house.url}


def test_every_module_of_the_script_is_asked_for_at_once_but_for_those_that_wait_to_be_wanted() -> None:
    # One that is missing here would only be found when the one that imports it has come.
    scripts = {path.name: path.read_text() for path in (ROOT / "static/js").glob("*.js")}
    wanted_later = set(re.findall(r'import\("\./(.+?)"\)', scripts.pop("countersign.js")))
    page = (ROOT / "templates/base.html").read_text()
    asked_for = set(re.findall(r"rel=\"modulepreload\" href=\"{% static 'js/(.+?)' %}\"", page))
    assert asked_for - wanted_later == set(scripts) - wanted_later
    assert wanted_later == {"edits.js", "palette.js", "ticking.js"}


def test_pages_go_compressed_and_files_by_the_best_that_the_browser_takes(visit: Visit) -> None:
    page = visit().page
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))
    itself = page.goto("/")
    assert itself
    page.wait_for_load_state("networkidle")
    files = {one.url.rsplit(".", 1)[-1]: one for one in answers if "/static/" in one.url}
    assert itself.header_value("content-encoding") == "gzip"
    assert [files[kind].header_value("content-encoding") for kind in ("css", "js")] == ["br", "br"]
    assert "immutable" in str(files["css"].header_value("cache-control"))
