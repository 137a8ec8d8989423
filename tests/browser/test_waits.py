"""An ADK agent with no line of ours in it, whose tool makes an awakeable and only prints its id, is approved here."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from restate_bridge.ids import awakeable_id
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House
from tests.house.plain_agent import PlainAgent, plain_agent
from tests.house.processes import run_once

_RULE = """
from django.contrib.auth.models import Group
from approvals.models import WaitRule
rule, _ = WaitRule.objects.get_or_create(service="Desk")
rule.groups.add(Group.objects.get(name="finance"))
"""
_NO_RULE = "from approvals.models import WaitRule; WaitRule.objects.all().delete()"


@pytest.fixture(scope="module")
def agent(house: House) -> Iterator[PlainAgent]:
    with plain_agent(house) as agent:
        yield agent


@pytest.fixture
def operator(visit: Visit) -> Visitor:
    return visit("operator")


@pytest.fixture
def rule(house: House) -> Iterator[None]:
    """Reviewers are asked about the agent's waits."""
    run_once(["manage.py", "shell", "-c", _RULE], house.env)
    yield
    run_once(["manage.py", "shell", "-c", _NO_RULE], house.env)


def open_wait(page: Page, run: str) -> None:
    """Go to a wait by the list."""
    page.goto("/runs/")
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Waits").click()
    page.locator(f"#wait-{awakeable_id(run)}").click()


def settle(page: Page, answer: str, reason: str, written: str = "") -> None:
    page.get_by_label(answer).check()
    if written:
        page.get_by_label("Text or JSON value").fill(written)
    page.get_by_label("Reason, for the record").fill(reason)
    page.get_by_label("Type Desk to confirm").fill("Desk")
    page.get_by_role("button", name="Send the answer").click()


def test_an_agent_that_announces_nothing_is_approved_and_goes_on_with_the_value(
    agent: PlainAgent, operator: Visitor
) -> None:
    page, run = operator.page, agent.ask("Vienna")
    assert awakeable_id(run) in agent.program.log
    open_wait(page, run)
    for part in ("book_hotel(…)", "Vienna", "I book it.", "Nobody announced it, and nobody was asked."):
        expect(page.locator("main")).to_contain_text(part)
    settle(page, "Yes: the value true", "the travel office has called")
    expect(page.get_by_text("It is settled.")).to_be_visible()
    assert "booked 2 nights in Vienna" in agent.answer(run)
    expect(page.locator("#outcome")).to_contain_text("Restate was asked, and the run has it.")
    expect(page.locator("#record")).to_contain_text("saw in the run's journal that it has the decision")
    page.goto("/waits/")
    expect(page.locator(f"#wait-{awakeable_id(run)}")).to_have_count(0)


def test_it_is_rejected_with_a_text_that_the_agent_hears(agent: PlainAgent, operator: Visitor) -> None:
    page, run = operator.page, agent.ask("Graz")
    open_wait(page, run)
    settle(page, "Reject it", "as the rules have it", "no journeys this year")
    expect(page.get_by_text("It is settled.")).to_be_visible()
    assert "refused: no journeys this year" in agent.answer(run)
    expect(page.locator("#outcome")).to_contain_text("Restate was asked, and the run has it.")


def test_a_value_that_is_none_is_refused_with_all_that_was_typed(agent: PlainAgent, operator: Visitor) -> None:
    page, run = operator.page, agent.ask("Linz")
    open_wait(page, run)
    settle(page, "The JSON value below", "the travel office has called", '{"yes": tru}')
    expect(page.get_by_text("This is not JSON: see line 1, column 9.")).to_be_visible()
    expect(page.get_by_label("Text or JSON value")).to_have_value('{"yes": tru}')
    expect(page.get_by_label("Reason, for the record")).to_have_value("the travel office has called")
    settle(page, "The JSON value below", "the travel office has called", "false")
    assert "somebody said no" in agent.answer(run)


def test_reviewers_are_asked_when_a_rule_says_so(
    house: House, agent: PlainAgent, visit: Visit, operator: Visitor, rule: None
) -> None:
    run = agent.ask("Salzburg")
    request = house.request_of(run)
    operator.page.goto("/waits/")
    row = operator.page.locator("#waits tr").filter(has=operator.page.locator(f"#wait-{awakeable_id(run)}"))
    expect(row).to_contain_text("finance")
    reviewer = visit("reviewer")
    # It has no deadline, so it stands behind all that have one.
    reviewer.page.goto("/?q=book_hotel")
    reviewer.row("Desk: book_hotel").first.wait_for()
    reviewer.open_request(int(request["id"]))
    page = reviewer.page
    for part in ("Nobody announced this", "Salzburg", "book_hotel(…)"):
        expect(page.locator("main")).to_contain_text(part)
    page.locator("#decision").get_by_role("button", name="Resolve").click()
    expect(page.locator("#problem")).to_contain_text("Choose what it is resolved with.")
    page.get_by_label("Yes: the value true").check()
    page.locator("#decision").get_by_role("button", name="Resolve").click()
    expect(page.locator("#outcome")).to_contain_text("Approved")
    assert "booked 2 nights in Salzburg" in agent.answer(run)
    expect(page.locator("#outcome")).to_contain_text("Restate was asked, and the run has it.")


def test_reviewers_reject_with_a_note_and_without_javascript(
    house: House, agent: PlainAgent, visit: Visit, rule: None
) -> None:
    run = agent.ask("Bregenz")
    request = house.request_of(run)
    page = visit("reviewer", java_script_enabled=False).page
    page.goto(f"/requests/{request['id']}/")
    page.get_by_label("Note", exact=True).fill("too far")
    page.locator("#decision").get_by_role("button", name="Reject").click()
    assert "refused: too far" in agent.answer(run)
