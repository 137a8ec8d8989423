"""A case with a team at work: its page lives, and leads to what each of them waits for."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House, eventually

DISPUTE = "2,300 EUR at Nightfall Electronics is not mine"


def pending(house: House, run: str) -> list[str]:
    sql = "SELECT tool FROM approvals_approvalrequest WHERE case_run = %s AND status = 'pending' ORDER BY tool"
    return [row["tool"] for row in house.rows(sql, run)]


def test_a_case_shows_the_team_and_what_each_waits_for_and_follows_the_decisions(house: House, visit: Visit) -> None:
    run = house.ask(DISPUTE, session="d-browser", service="Dispute")
    eventually(lambda: pending(house, run) == ["freeze_card", "request_slip"])
    page = visit().page
    page.goto("/")
    page.get_by_role("link", name="Freeze the card 4711").first.click()
    page.locator(".trail").get_by_role("link", name="case Dispute/d-browser").click()
    expect(page.get_by_role("heading", name="Dispute/d-browser")).to_be_visible()
    expect(page.get_by_text("2 requests wait for a decision.")).to_be_visible()
    agents = page.locator(".case-agent")
    expect(agents).to_have_count(4)
    expect(agents.filter(has_text="Waiting for a person")).to_have_count(2, timeout=15_000)
    expect(agents.filter(has_text="Dispute")).to_contain_text(re.compile("Waits for (Evidence, Fraud|Fraud, Evidence)"))
    expect(agents.filter(has_text="Policy")).to_contain_text("Completed")

    reviewer = visit().page
    for title in ("Ask Nightfall Electronics for the slip of 2,300.00 EUR", "Freeze the card 4711"):
        reviewer.goto(f"/cases/{run}/")
        reviewer.get_by_role("link", name=title).click()
        if title.startswith("Freeze"):  # a high risk
            reviewer.locator("#id_confirmation").fill("freeze_card")
        reviewer.locator("#decide .go").click()
    expect(page.get_by_role("link", name="Refund 2,300.00 EUR charged by Nightfall Electronics")).to_be_visible(
        timeout=20_000
    )
    expect(page.get_by_text("1 request waits for a decision.")).to_be_visible()
