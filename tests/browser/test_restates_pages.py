"""The way from a run to Restate's own pages, with the address that the embedded default sets."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.house.house import House


def test_the_link_on_a_run_leads_to_the_run_there(house: House, visit: Visit) -> None:
    page = visit("operator").page
    run = house.ask("What is the weather like?", session="run-in-restates-ui", service="Weather")
    page.goto(f"/runs/{run}/")
    link = page.get_by_role("link", name="Open in the Restate UI")
    expect(link).to_have_attribute("href", f"{house.env['RESTATE_ADMIN_URL']}/ui/invocations/{run}")
    # In a page of its own: what those pages complain about is no matter of ours.
    theirs = page.context.new_page()
    theirs.goto(str(link.get_attribute("href")))
    expect(theirs.get_by_text("run-in-restates-ui").first).to_be_visible()
