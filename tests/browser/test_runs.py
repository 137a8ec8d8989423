"""The operators' list of runs, and steering one."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from operations.rules.restarting import restart_points
from restate_bridge.introspection import read_journal
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.desk import Desk
from tests.house.house import House, eventually
from tests.house.people import Person

HOTEL = "Please reimburse 1,{} USD for a hotel, two nights during the fair."


@pytest.fixture
def operator(visit: Visit) -> Visitor:
    return visit("operator")


def several(house: House, session: str, number: int, *, amount: str) -> list[str]:
    """Start claims that wait for approval, each in a session of its own, and return their runs."""
    runs = [house.ask(HOTEL.format(f"{amount}{place}"), session=f"{session}-{place}") for place in range(number)]
    for run in runs:
        house.request_of(run)
    return runs


def row(page: Page, run: str) -> Locator:
    return page.locator("#runs tbody tr").filter(has=page.locator(f"#run-{run}"))


def steer(page: Page, verb: str, reason: str, typed: str = "") -> None:
    """Press a verb on a run's page, and answer what is asked."""
    page.get_by_role("link", name=re.compile(f"^{verb}")).click()
    page.get_by_label("Reason").fill(reason)
    if typed:
        page.get_by_label("to confirm").fill(typed)
    page.get_by_role("button", name=verb).click()


def test_a_run_appears_by_itself_with_what_it_waits_for_and_leaves_when_it_has_ended(
    house: House, operator: Visitor
) -> None:
    page = operator.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Console").click()
    run = house.ask(HOTEL.format("410"), session="list-appears")
    request = house.request_of(run)
    expect(row(page, run)).to_contain_text("Waiting for a person")
    expect(row(page, run)).to_contain_text("Claims / list-appears")
    expect(row(page, run).get_by_role("link", name="Reimburse lodging: 1,410.00 USD")).to_be_visible()
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "approve")
    expect(row(page, run)).to_have_count(0)
    page.goto("/runs/?state=ended")
    expect(row(page, run)).to_contain_text("Completed")


def test_a_waiting_run_is_paused_decided_meanwhile_and_resumed(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("420"), session="list-pause")
    request = house.request_of(run)
    page.goto("/runs/?session=list-pause")
    row(page, run).get_by_role("link", name="Claims / list-pause").click()
    steer(page, "Pause", "a new rule comes into force tonight")
    expect(page.get_by_text("The run is paused.")).to_be_visible()
    with Person(house, "reviewer") as reviewer:
        reviewer.decide(request["id"], "approve")
    house.wait_for_delivery(request["id"], "kept")
    page.goto("/runs/?state=paused")
    expect(row(page, run)).to_contain_text("Approved")
    page.goto(f"/runs/{run}/")
    steer(page, "Resume", "the rule does not concern this one")
    house.wait_for_delivery(request["id"], "done")


def test_a_killed_run_is_restarted_from_a_step_and_asks_again(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("430"), session="list-restart")
    request = house.request_of(run)
    page.goto(f"/runs/{run}/")
    steer(page, "Kill", "it hangs", typed="Claims")
    expect(page.get_by_text("The run is killed.")).to_be_visible()
    page.get_by_role("navigation", name="Console").get_by_role("link", name="Record").click()
    expect(page.locator("tbody tr").first).to_contain_text("it hangs")
    page.get_by_label("Subject, reason or id of a run").fill(run)
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Claims/list-restart/ask").click()
    page.get_by_text("Restart from a step").click()
    page.locator(".restart-points a").last.click()
    page.get_by_label("Reason").fill("it was killed by mistake")
    page.get_by_label("to confirm").fill("Claims")
    page.get_by_role("button", name="Restart").click()
    expect(page.get_by_text("A new run has begun.")).to_be_visible()
    new = page.url.strip("/").split("/")[-1]
    again = house.request_of(new)
    assert (new, again["id"]) != (run, request["id"])


def test_a_claim_begins_anew_from_each_step_that_is_offered(house: House, operator: Visitor) -> None:
    page, restarts = operator.page, []
    with Person(house, "reviewer") as reviewer:
        desk = Desk(house, reviewer)
        run = house.ask(HOTEL.format("435"), session="list-every-step")
        desk.work_off([run])
        offered = restart_points(read_journal(house.admin, run))
        assert len(offered) > 5
        for place in range(len(offered)):
            page.goto(f"/runs/{run}/")
            page.get_by_text("Restart from a step").click()
            expect(page.locator(".restart-points a")).to_have_count(len(offered))
            page.locator(".restart-points a").nth(place).click()
            page.get_by_label("Reason").fill(f"step {place}")
            page.get_by_label("to confirm").fill("Claims")
            page.get_by_role("button", name="Restart").click()
            expect(page.get_by_text("A new run has begun.")).to_be_visible()
            restarts.append(page.url.strip("/").split("/")[-1])
            # They are of one session, so the next begins when this one has ended.
            desk.work_off(restarts[-1:])
    assert len({run, *restarts}) == len(offered) + 1
    sql = "SELECT id FROM sys_invocation WHERE completion_result = 'success' AND restarted_from = '{}'"
    assert {row["id"] for row in house.admin.query(sql.format(run))} == set(restarts)


def test_a_kill_without_confirmation_says_so_and_keeps_the_reason(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("440"), session="list-kill")
    house.request_of(run)
    page.goto(f"/runs/{run}/kill/")
    page.get_by_label("Reason").fill("it hangs")
    page.get_by_label("to confirm").fill("claims")
    page.get_by_role("button", name="Kill").click()
    expect(page.get_by_text("That is not the name of the service")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value("it hangs")
    eventually(lambda: house.run_status(run) == "suspended")


def test_a_held_request_is_decided_by_nobody_until_it_is_let_go_on(
    house: House, operator: Visitor, visit: Visit
) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("445"), session="list-hold")
    request = house.request_of(run)
    theirs = visit("reviewer")
    theirs.page.goto(f"/requests/{request['id']}/")
    theirs.wait_until_live()
    page.goto(f"/runs/{run}/hold/")
    page.get_by_label("Reason").fill("the price is checked")
    page.get_by_role("button", name="Hold its requests").click()
    expect(page.get_by_text("1 request is held.")).to_be_visible()
    expect(theirs.page.locator("#notices")).to_contain_text("the price is checked")
    expect(theirs.page.get_by_role("button", name="Approve")).to_have_count(0)
    page.get_by_role("link", name="Let its requests be decided").click()
    page.get_by_label("Reason").fill("the price is right")
    page.get_by_role("button", name="Let them be decided").click()
    expect(page.get_by_text("1 request can be decided again.")).to_be_visible()
    theirs.page.get_by_role("button", name="Approve").click()
    house.wait_for_delivery(request["id"], "done")


def test_filters_and_words_narrow_the_list_and_words_stay_while_it_ticks(house: House, operator: Visitor) -> None:
    page = operator.page
    run = house.ask(HOTEL.format("450"), session="list-words")
    house.request_of(run)
    page.goto("/runs/")
    words = page.get_by_label("Service, session, handler or id of a run")
    words.fill("list-wor")
    page.wait_for_timeout(4_000)
    expect(words).to_have_value("list-wor")
    expect(words).to_be_focused()
    words.press("Enter")
    expect(page.locator("#runs tbody tr")).to_have_count(1)
    expect(row(page, run)).to_be_visible()
    page.get_by_role("link", name="Take away: “list-wor”").click()
    expect(page).to_have_url(re.compile(r"/runs/\??$"))


def test_nobody_asks_the_engine_while_the_page_is_not_looked_at(house: House, operator: Visitor) -> None:
    page = operator.page
    page.goto("/runs/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.wait_for_timeout(300)
    asked.clear()
    page.wait_for_timeout(7_000)
    assert [url for url in asked if "/runs/" in url] == []
    page.evaluate("delete document.hidden")
    page.wait_for_timeout(4_000)
    assert [url for url in asked if "/runs/" in url] != []


def test_the_list_is_walked_by_keys_and_the_run_in_hand_is_opened(house: House, operator: Visitor) -> None:
    page = operator.page
    runs = several(house, "list-keys", 2, amount="46")
    page.goto("/runs/?q=list-keys")
    operator.wait_until_live()
    expect(page.locator("#runs tbody tr")).to_have_count(2)
    page.keyboard.press("j")
    expect(page.locator(f"#run-{runs[1]}")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#run-{runs[0]}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#run-{runs[1]}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/runs/{runs[1]}/$"))


def test_several_runs_are_picked_by_keys_and_paused_together(house: House, operator: Visitor) -> None:
    page = operator.page
    runs = several(house, "list-many", 3, amount="47")
    page.goto("/runs/?q=list-many")
    operator.wait_until_live()
    expect(page.locator("#runs tbody tr")).to_have_count(3)
    for key in "jxjx":
        page.keyboard.press(key)
    expect(page.locator("#picked")).to_have_text("2")
    # What is picked stays so while the list is asked for anew.
    page.wait_for_timeout(4_000)
    expect(page.locator("#picked")).to_have_text("2")
    page.get_by_role("button", name="Pause…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pause")
    expect(page.get_by_text("2 runs", exact=True)).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("Reason").fill("a new rule comes into force tonight")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Done to 2 runs")).to_be_visible()
    assert [house.run_status(run) for run in runs] == ["suspended", "paused", "paused"]
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator(".pick:checked")).to_have_count(0)


def test_all_that_match_are_killed_by_typing_their_number(house: House, operator: Visitor) -> None:
    page = operator.page
    runs = several(house, "list-all", 2, amount="48")
    page.goto("/runs/?q=list-all")
    page.locator(".pick").first.check()
    page.get_by_label("All that match, not only the selected").check()
    page.get_by_role("button", name="Kill…").click()
    page.get_by_label("Reason").fill("the fair is off")
    page.get_by_label("Type 2 to confirm").fill("2")
    page.get_by_role("button", name="Kill").click()
    expect(page.get_by_text("Done to 2 runs")).to_be_visible()
    assert [house.run_status(run) for run in runs] == ["completed", "completed"]


def test_a_reviewer_is_not_shown_the_console(visit: Visit) -> None:
    page = visit("reviewer").page
    expect(page.get_by_role("link", name="Console")).to_have_count(0)
    page.goto("/runs/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not for you")
