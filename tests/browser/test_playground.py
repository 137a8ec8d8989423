"""The playground: calling a handler, and talking to an agent."""

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from restate_bridge.control import Control
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.docs.capabilities import Sample, samples
from tests.house.house import House, eventually
from tests.house.people import Person

SAMPLES = samples()
# What a form asks for and has no suggestion of its own for.
FILLED: Final = {"edit-answer/account": "DE89370400440532013000", "edit-answer/limit": "900"}


@pytest.fixture
def operator(visit: Visit) -> Visitor:
    return visit("operator")


@pytest.fixture(scope="module")
def reviewer(house: House) -> Iterator[Person]:
    """The demo reviewer at the inbox, signed in once for all samples."""
    with Person(house, "reviewer") as person:
        yield person


@pytest.fixture
def cancelled(house: House) -> Iterator[Callable[[str], None]]:
    """A function that names a run which is cancelled if need be: what it asks must stand in no other test's list."""
    runs: list[str] = []
    yield runs.append
    for run in runs:
        Control(house.env["RESTATE_ADMIN_URL"]).cancel(run)
        eventually(lambda run=run: not asks(house, run), what="nothing to wait for a decision")  # type: ignore[misc]


def asks(house: House, run: str) -> bool:
    """Whether a run, or one that works for it, goes on or waits for a decision."""
    return house.run_status(run) != "completed" or bool(pending(house, run))


def pending(house: House, run: str) -> list[dict[str, Any]]:
    """Return what a run, and those that work for it, ask people now."""
    sql = "SELECT * FROM approvals_approvalrequest WHERE (invocation_id = %s OR case_run = %s) AND status = 'pending'"
    return house.rows(sql, run, run)


def approve(reviewer: Person, request: dict[str, Any]) -> str:
    """Approve a request at the inbox, or answer it by its first choice or its form; return its title."""
    question = request["kind"] == "question"
    fields = {"answer": request["choices"][0]} if request["choices"] else FILLED if question else {}
    answer = reviewer.decide(request["id"], "answer" if question else "approve", **fields)
    assert answer.status_code == 200, answer.text
    return str(request["title"])


def approve_all(house: House, reviewer: Person, run: str) -> list[str]:
    """Approve and answer all that a run asks until it has ended, and return the titles."""
    titles: list[str] = []

    def has_ended() -> bool:
        titles.extend(approve(reviewer, request) for request in pending(house, run))
        return not asks(house, run)

    eventually(has_ended, what=f"the end of {run}", within=60)
    return titles


def fill_in(page: Page, service: str, key: str, message: str) -> None:
    """Choose an agent's handler in the playground, and fill in its form."""
    page.locator(f"#call-{service}-ask").click()
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_label("user", exact=True).fill("requester")
    page.get_by_label("message", exact=True).fill(message)


def send(page: Page) -> str:
    """Send what was filled in, and return the run."""
    page.get_by_role("button", name="Send").last.click()
    expect(page).to_have_url(re.compile("/runs/inv_"))
    return page.url.strip("/").split("/")[-1]


def test_a_handler_is_called_by_a_form_and_its_run_followed(house: House, operator: Visitor) -> None:
    page = operator.page
    page.goto("/runs/")
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Playground").click()
    fill_in(page, "Weather", "from-the-playground", "What is the weather in Lisbon?")
    page.get_by_label("Reason").fill("to see whether it still works")
    send(page)
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Weather / from-the-playground / ask")


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.service for sample in SAMPLES])
def test_a_sample_comes_to_what_the_documentation_says(
    house: House, operator: Visitor, reviewer: Person, cancelled: Callable[[str], None], sample: Sample
) -> None:
    page = operator.page
    page.goto("/playground/")
    fill_in(page, sample.service, f"sample-{secrets.token_hex(4)}", sample.message)
    run = send(page)
    cancelled(run)
    expect(page.locator(".run-head .run-state")).to_have_text(sample.state)
    if sample.state == "Asleep":  # Others ask for it, and their case shows what.
        page.goto(f"/cases/{run}/")
    requests = page.locator("main a[href^='/requests/']")
    for asked in sample.asks:
        expect(requests.filter(has_text=asked).first).to_be_visible()
    if not sample.asks:
        expect(page.locator(".steps > li").last).to_contain_text("Output")
        expect(requests).to_have_count(0)
    titles, asked_in_all = approve_all(house, reviewer, run), sample.asks + sample.later
    assert len(titles) == len(asked_in_all), titles
    assert [asked for asked in asked_in_all if not any(asked in title for title in titles)] == []
    page.goto(f"/runs/{run}/")
    expect(page.locator(".run-head .run-state")).to_have_text("Completed")
    page.get_by_role("link", name="Show what it holds").click()
    expect(page.locator("[data-kind=output]")).to_contain_text(sample.answer)


def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(house: House, operator: Visitor) -> None:
    page = operator.page
    page.goto("/playground/call/?service=Weather&handler=ask")
    page.get_by_label("Key", exact=True).fill("does-not-fit")
    page.get_by_label("user", exact=True).fill("requester")
    page.get_by_label("Send it after").fill("5")
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    page.get_by_role("button", name="Send").last.click()
    expect(page.locator(".errorlist")).to_contain_text("This field is required")
    expect(page.get_by_label("user", exact=True)).to_have_value("requester")
    expect(page.get_by_label("Send it after")).to_have_value("5")


def test_a_conversation_with_an_agent_is_begun_gone_on_with_and_grows_by_itself(
    house: House, operator: Visitor
) -> None:
    page, key = operator.page, f"talk-{secrets.token_hex(4)}"
    page.goto("/playground/")
    page.get_by_label("Agent", exact=True).select_option("Claims/ask")
    page.get_by_label("Session", exact=True).fill(key)
    page.get_by_label("On behalf of").fill("requester")
    page.get_by_label("Message", exact=True).fill("Please reimburse 1,530 USD for a hotel, two nights.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(key)
    request = page.locator(".rows .row")
    expect(request).to_contain_text("1,530.00 USD")
    page.reload()
    expect(page.get_by_label("On behalf of")).to_have_value("requester")
    page.get_by_label("Message", exact=True).fill("And how is my other claim doing?")
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(int(str(request.get_attribute("id")).removeprefix("row-")), "approve")
    talk = page.locator(".conversation")
    expect(talk).to_contain_text("1,530.00 USD has been paid")
    # What was typed meanwhile is still there, though the page has refreshed itself.
    expect(page.get_by_label("Message", exact=True)).to_have_value("And how is my other claim doing?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(talk).to_contain_text("And how is my other claim doing?")
    expect(page.get_by_label("On behalf of")).to_have_value("requester")


def test_a_double_click_sends_once(house: House, operator: Visitor) -> None:
    page, key = operator.page, f"twice-{secrets.token_hex(4)}"
    page.goto("/playground/")
    page.get_by_label("Agent", exact=True).select_option("Weather/ask")
    page.get_by_label("Session", exact=True).fill(key)
    page.get_by_label("Message", exact=True).fill("What is the weather in Lisbon?")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(key)
    expect(page.locator("table.runs tbody tr")).to_have_count(1)


def test_a_viewer_is_offered_no_playground(visit: Visit) -> None:
    page = visit("viewer").page
    page.goto("/runs/")
    expect(page.get_by_role("link", name="Playground")).to_have_count(0)
