"""Restate goes and comes back: the pages say so, and a decision taken meanwhile arrives."""

from pathlib import Path

import httpx
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House, eventually

HOTEL = "Please reimburse 1,750 USD for a hotel, three nights at the supplier's."


def test_the_header_says_that_restate_is_away_and_what_is_decided_meanwhile_arrives(
    house: House, visit: Visit, screenshots: Path
) -> None:
    request = house.request_of(house.ask(HOTEL, session="engine-away"))
    visitor = visit()
    visitor.open_request(request["id"])
    visitor.wait_until_live()
    page = visitor.page
    line = page.locator("#engine")
    expect(line).to_have_text("")
    house.kill("restate")
    try:
        expect(line).to_contain_text("Restate is away since")
        page.screenshot(path=screenshots / "engine-away.png")
        page.get_by_role("button", name="Approve").click()
        expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
        expect(page.locator("#outcome")).to_contain_text("Restate is away. The decision is kept")
        page.screenshot(path=screenshots / "engine-away-decided.png")
    finally:
        house.start("restate")
    expect(line).to_have_text("", timeout=30_000)
    expect(page.locator("#outcome")).to_contain_text("payment", timeout=30_000)
    assert len(house.payments("engine-away")) == 1


def test_a_decision_for_a_killed_run_is_refused_with_the_reason(house: House, visit: Visit, screenshots: Path) -> None:
    run = house.ask(HOTEL, session="killed-run")
    request = house.request_of(run)
    # Without JavaScript, or the page would hear of the withdrawal before anybody could decide.
    visitor = visit(java_script_enabled=False)
    visitor.open_request(request["id"])
    page = visitor.page
    page.get_by_label("Note to the agent").fill("typed in vain")
    house.kill("courier")
    httpx.patch(f"{house.env['RESTATE_ADMIN_URL']}/invocations/{run}/kill", trust_env=False).raise_for_status()
    eventually(lambda: house.run_status(run) == "completed")
    page.get_by_role("button", name="Approve").click()
    house.start("courier")
    expect(page.get_by_role("alert")).to_contain_text("The run was killed, so nobody waits for this decision any more")
    expect(page.locator("#outcome .verdict")).to_contain_text("Withdrawn")
    expect(page.locator("#record")).to_contain_text("The run was killed.")
    page.screenshot(path=screenshots / "killed-run.png")
    assert not house.delivery_of(request["id"])
