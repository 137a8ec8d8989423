"""Hostile texts where they come again: lists, filters, views, threads, forms, the record, and what people type."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watching import Watch
from tests.hostile import FAMILIES
from tests.hostile.announcing import announced, everywhere
from tests.house.house import House

HARMLESS = ["plain", "a\u200bb", "pаypal", "Z" + "\u0301" * 20, "and so on " * 6 + "until it is long"]
# One or two of each kind; all of them go through the request's page in test_hostile_content.
CHOSEN = [
    ["<img src=x onerror=canary()>", "'\"></a><script>canary()</script>", "</title></textarea></select>x"],
    ["<svg onload=canary()>", "javascript:canary()", "<iframe srcdoc='<script>parent.canary()</script>'>"],
    [
        "{{ 7|add:7 }}",
        "<div hx-get=/ hx-trigger=load>",
        "<div hx-swap-oob=true id=decision>Approved</div>",
        "%(x)s {0}",
    ],
    ["\u202edesrever", "pay\u200bme", "\u2067isolated\u2069", "\U000e0041tag", "a\u3164b"],
    ["pаypal.com", "Z" + "\u0301\u0316\u0336" * 30, "W" * 60, "[x](javascript:canary())"],
]


def test_the_chosen_ones_are_like_those_that_go_through_the_intake() -> None:
    everything = "\n".join(payload for payloads in FAMILIES.values() for payload in payloads)
    kinds = ["onerror=canary()", "onload=canary()", "javascript:canary()", "{{ 7|add:7 }}", "hx-swap-oob", "\u202e"]
    assert [kind for kind in kinds if kind not in everything or not any(kind in "".join(one) for one in CHOSEN)] == []


@pytest.fixture(scope="module")
def allowed(watch: Watch, hostile_house: House) -> set[str]:
    """What the pages of the tour are made of when nobody means harm."""
    found = {"br", "a rel"}
    for _place in tour(watch, hostile_house, HARMLESS):
        found |= watch.inventory()
    # Few and short choices stand beside each other.
    watch.visitor.open_request(announced(hostile_house, everywhere(["plain", "short"])), "?edit=1")
    return found | watch.inventory()


@pytest.mark.parametrize("payloads", CHOSEN, ids=["markup", "scripts", "templates", "hiding", "posing"])
def test_wherever_hostile_texts_come_again_they_are_only_texts(
    watch: Watch, hostile_house: House, allowed: set[str], payloads: list[str]
) -> None:
    seen, wrong = [], {}
    for place in tour(watch, hostile_house, payloads):
        seen.append(place)
        if found := watch.complaints(allowed):
            wrong[place] = found
    assert wrong == {}
    assert len(seen) == len(set(seen)) == PLACES


PLACES = 18


def tour(watch: Watch, house: House, payloads: list[str]) -> Iterator[str]:
    """Go through every place where texts of agents and people come again; yield the name of each when it is open."""
    line = " ".join(payloads)
    wanted = [everywhere(payloads, edited=edited) for edited in ("", "", f"{payloads[0]} else", "")]
    requests = [announced(house, {**one, "title": f"{one['title']} findable"}) for one in wanted]
    call_second_reviewer(house, payloads[0])
    yield from lists(watch.page, line, payloads[0])
    yield from people(watch, requests[0], line)
    yield from editing(watch, requests[1], line)
    yield from deciding(watch, requests, payloads[0])
    call_second_reviewer(house, "")


def lists(page: Page, line: str, name: str) -> Iterator[str]:
    """Filters, words searched for, an address that means nothing, saved views and messages, the palette."""
    page.goto("/?" + urlencode({"agent": line, "tool": line, "risk": name}))
    page.locator("#filters summary").click()
    expect(page.locator(".chips")).to_be_visible()
    yield "filters"
    page.goto("/?" + urlencode({"queue": "all", "q": line[:200]}))
    expect(page.locator(".chips")).to_be_visible()
    yield "words searched for"
    page.locator("#filters summary").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".saved-views a[aria-current]")).to_be_visible()
    page.locator("#filters summary").click()
    yield "a saved view"
    page.get_by_role("button", name="Remove “").click()
    expect(page.locator(".messages")).to_contain_text("was removed")
    yield "a message"
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("combobox").fill("findable")
    expect(page.locator("#palette-list a").first).to_be_attached()
    yield "the palette"
    page.keyboard.press("Escape")


def people(watch: Watch, request_id: int, line: str) -> Iterator[str]:
    """A comment, and somebody of a hostile name who has asked, taken the request and looks at it."""
    page = watch.page
    watch.visitor.open_request(request_id)
    page.locator("#ask summary").click()
    page.get_by_label("To", exact=True).select_option("second-reviewer")
    page.get_by_label("Question or comment").fill(line)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#thread-entries li")).to_have_count(1)
    yield "the thread"
    page.get_by_role("button", name="Take care of it").click()
    expect(page.locator("#claim")).to_contain_text("You take care of this")
    yield "a claim"


def editing(watch: Watch, request_id: int, line: str) -> Iterator[str]:
    """The form made from the schema, what changes by it, what does not fit, and what was approved by it."""
    page = watch.page
    watch.visitor.open_request(request_id, "?edit=1")
    yield "the form"
    page.locator("[name='edit-edited']").fill(f"{line} <script>canary()</script>")
    expect(page.locator("#changes li")).to_have_count(1)
    yield "changes while they are typed"
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved with changes")
    has_gone_out(page)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    yield "approved with changes"
    page.goto(f"/requests/{request_id}/record/")
    yield "the record"
    page.emulate_media(media="print")
    yield "the record on paper"
    page.emulate_media(media="screen")


def deciding(watch: Watch, requests: list[int], reason: str) -> Iterator[str]:
    """Earlier decisions and flags, a reason, a decision that comes too late, and several at once."""
    page = watch.page
    watch.visitor.open_request(requests[2])
    expect(page.locator("#history .contrasts").first).to_be_attached()
    yield "earlier decisions"
    page.locator("#reasons input").first.check()
    page.get_by_label("Note to the agent").fill(reason)
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Rejected")
    has_gone_out(page)
    yield "a reason"
    watch.visitor.open_request(requests[0])
    yield "what may be out of date"
    page.goto("/?queue=decided")
    yield "decided"
    page.goto("/?queue=mine&sort=age")
    yield "the queue"
    for request_id in (requests[0], requests[3]):
        page.locator(f"#pick-{request_id}").check()
    page.get_by_role("button", name="Approve selected").click()
    expect(page.locator(".bulk-results li")).to_have_count(2)
    yield "several at once"


def has_gone_out(page: Page) -> None:
    """Wait until the page counts no seconds down any more: it is made of other elements before."""
    expect(page.locator("time[data-left]")).to_have_count(0)


def call_second_reviewer(house: House, name: str) -> None:
    """Give them a name; PostgreSQL takes 150 letters."""
    sql = "UPDATE auth_user SET first_name = %s WHERE username = 'second-reviewer' RETURNING id"
    assert house.rows(sql, name[:150])
