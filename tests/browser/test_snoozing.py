"""Snoozing in the browser: by the reader's own clock, and for as long as one may."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.hostile.announcing import announcement, put
from tests.house.house import House

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def asked(house: House) -> int:
    """A request without a deadline; the inbox takes it back after a minute, since nobody knows its run."""
    return int(put(house, announcement(title="Not now")).json()["request_id"])


def until(house: House, request_id: int) -> str:
    """Return until when a request is snoozed, by the clock of Seoul."""
    [row] = house.rows("SELECT until FROM approvals_snooze WHERE request_id = %s", request_id)
    return f"{row['until'].astimezone(SEOUL):%Y-%m-%d %H:%M}"


def open_menu(page: Page, request_id: int) -> None:
    page.goto(f"/requests/{request_id}/")
    page.locator("#snooze summary").click()


def test_tomorrow_morning_is_the_readers_as_shown_and_as_kept(house: House, visit: Visit, asked: int) -> None:
    page = visit(timezone_id="Asia/Seoul").page
    tomorrow = timezone.localtime(timezone=SEOUL) + timedelta(days=1)
    open_menu(page, asked)
    morning = page.get_by_role("button", name="Until tomorrow morning")
    expect(morning).to_contain_text("09:00")
    morning.click()
    expect(page.locator(".snoozed")).to_contain_text("09:00")
    assert until(house, asked) == f"{tomorrow:%Y-%m-%d} 09:00"


def test_a_typed_time_is_the_readers_too_and_its_field_names_the_zone(house: House, visit: Visit, asked: int) -> None:
    page = visit(timezone_id="Asia/Seoul").page
    day = timezone.localtime(timezone=SEOUL) + timedelta(days=3)
    open_menu(page, asked)
    page.get_by_label("Until (Asia/Seoul)").fill(f"{day:%Y-%m-%d}T14:30")
    page.locator("#snooze").get_by_role("button", name="Snooze", exact=True).click()
    expect(page.locator(".snoozed")).to_contain_text("14:30")
    assert until(house, asked) == f"{day:%Y-%m-%d} 14:30"


def test_a_page_made_before_the_zone_was_known_offers_the_right_times_all_the_same(visit: Visit, asked: int) -> None:
    page = visit(timezone_id="Asia/Seoul").page
    page.context.clear_cookies(name="zone")
    page.goto(f"/requests/{asked}/")
    expect(page.locator("#snooze label")).to_have_text("Until (Asia/Seoul)")
    page.locator("#snooze summary").click()
    expect(page.get_by_role("button", name="Until tomorrow morning")).to_contain_text("09:00")


def test_a_page_made_while_another_one_told_the_zone_offers_the_right_times_too(visit: Visit, asked: int) -> None:
    page = visit(timezone_id="Asia/Seoul").page
    page.context.clear_cookies(name="zone")
    page.add_init_script("document.cookie = 'zone=Asia/Seoul; path=/'")
    page.goto(f"/requests/{asked}/")
    expect(page.locator("#snooze label")).to_have_text("Until (Asia/Seoul)")


def test_without_scripts_the_servers_zone_counts_and_is_named(house: House, visit: Visit, asked: int) -> None:
    page = visit(java_script_enabled=False, timezone_id="Asia/Seoul").page
    open_menu(page, asked)
    expect(page.get_by_label("Until (UTC)")).to_be_visible()
    page.get_by_role("button", name="Until tomorrow morning").click()
    assert until(house, asked).endswith("18:00")


def test_a_snooze_for_a_month_does_not_make_the_list_ask_again_and_again(
    house: House, visit: Visit, asked: int
) -> None:
    visitor = visit()
    page = visitor.page
    open_menu(page, asked)
    page.locator("#id_at").fill(f"{timezone.now() + timedelta(days=30):%Y-%m-%dT%H:%M}")
    page.locator("#snooze").get_by_role("button", name="Snooze", exact=True).click()
    expect(page.locator(".snoozed")).to_be_visible()
    page.goto("/?queue=snoozed")
    visitor.wait_until_live()
    page.wait_for_load_state("networkidle")
    lists: list[str] = []
    page.on("request", lambda one: lists.append(one.url) if re.search(r"/\?queue", one.url) else None)
    page.wait_for_timeout(1500)
    assert lists == []
