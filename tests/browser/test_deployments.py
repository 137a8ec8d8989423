"""An upgrade by hand: try, register, wait, remove; and what is refused on the way."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from embedded.ports import free_ports, listens
from restate_bridge.deployments import list_deployments
from tests.browser.conftest import Visit, visiting
from tests.house.house import House
from tests.house.people import Person
from tests.house.processes import Program

HOTEL = "Please reimburse 1,730 USD for a hotel, two nights during the upgrade."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose code may come and go."""
    with House(tmp_path_factory.mktemp("deployments")) as house:
        yield house


@pytest.fixture(scope="module")
def second_version(house: House) -> Iterator[str]:
    """The samples' second version beside the first, and its address."""
    (port,) = free_ports(1)
    env = house.env | {"AGENTS_BIND": f"127.0.0.1:{port}", "AGENTS_VERSION": "2"}
    with Program("agents, version 2", ["-m", "agents"], env, lambda: listens(port)):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def visit(chromium: Browser, house: House) -> Iterator[Visit]:
    """Sign in there."""
    yield from visiting(chromium, house)


def test_overwriting_what_runs_depend_on_wants_the_address_typed_and_keeps_what_was_typed(
    visit: Visit, house: House
) -> None:
    page = visit("admin").page
    run = house.ask(HOTEL.replace("1,730", "1,731"), session="overwritten")
    request = house.request_of(run)
    page.goto("/deployments/register/")
    page.get_by_label("Address of the endpoint").fill(house.env["AGENTS_URL"])
    page.get_by_label("Force").check()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("1 run goes on with what is registered at this address.")).to_be_visible()
    page.get_by_label("Reason").fill("in a hurry")
    page.get_by_label("to confirm").fill("yes")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text("That is not the address. Nothing was done.")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("in a hurry")
    expect(page.get_by_label("Address of the endpoint")).to_have_value(house.env["AGENTS_URL"])
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "approve")
    house.wait_for_delivery(request["id"], "done")


def test_the_guide_leads_from_a_new_version_to_the_removal_of_the_old(
    visit: Visit, house: House, second_version: str
) -> None:
    page = visit("admin").page
    run = house.ask(HOTEL, session="guided")
    request = house.request_of(run)
    (old,) = list_deployments(house.admin)
    old_address = old.uri.partition("//")[2].rstrip("/")

    page.goto("/deployments/")
    expect(page.get_by_role("article")).to_contain_text("New runs go here")
    page.get_by_role("link", name="How to deploy a new version").click()
    page.get_by_role("link", name="Try an address").click()
    page.get_by_label("Address of the endpoint").fill("http://127.0.0.1:9")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("alert").filter(has_text="META0003")).to_be_visible()
    page.get_by_label("Address of the endpoint").fill(second_version)
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="Claims v1 → v2")).to_be_visible()
    expect(page.get_by_text("Nothing that goes on breaks")).to_be_visible()
    page.get_by_label("Reason").fill("it looks for claims that were paid before")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text("Registered. New runs go there from now on.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{second_version}/")

    page.goto(f"/deployments/{old.id}/")
    expect(page.get_by_text("It can't be removed now. Runs that began with it go on with it.")).to_be_visible()
    expect(page.get_by_role("link", name="Runs that are paused")).to_have_count(0)
    page.get_by_role("link", name="Runs that wait for people").click()
    expect(page.locator(f"#run-{run}")).to_be_visible()
    page.goto(f"/deployments/{old.id}/remove/")
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)

    page.goto("/deployments/guide/")
    expect(page.locator("[data-progress=now]")).to_contain_text("1 of them waits for people")
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "approve")
    house.wait_for_delivery(request["id"], "done")
    page.get_by_role("link", name=f"Remove {old.uri}").click()
    page.get_by_label("Reason").fill("nobody needs it")
    page.get_by_label("to confirm").fill(old_address)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The deployment is removed.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text(second_version)


def test_who_may_only_look_sees_deployments_and_changes_none(visit: Visit) -> None:
    visitor = visit("viewer")
    page = visitor.page
    page.goto("/runs/")
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Deployments").click()
    expect(page).to_have_url(re.compile("/deployments/$"))
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("link", name="Register…")).to_have_count(0)
    page.goto("/deployments/register/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not for you")
