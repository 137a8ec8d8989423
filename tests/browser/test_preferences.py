"""Language and theme, chosen in the menu: with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

GROUND = "getComputedStyle(document.body).backgroundColor"


def choose(page: Page, name: str) -> None:
    page.locator(".user-button").click()
    page.locator("#user-menu").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_language_and_theme_are_chosen_in_the_menu_and_stay(visit: Visit, scripts: bool) -> None:
    page = visit("operator", java_script_enabled=scripts, locale="en-US", color_scheme="light").page
    page.goto("/?queue=decided")
    light = page.evaluate(GROUND)
    choose(page, "한국어")
    expect(page).to_have_url("/?queue=decided")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    choose(page, "어둡게")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#user-menu [name=theme][value=dark]")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(GROUND) != light
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    choose(page, "시스템")
    choose(page, "자동")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.evaluate(GROUND) == light


def test_a_korean_browser_gets_korean_pages(visit: Visit) -> None:
    page = visit("second-reviewer").page
    page.context.set_extra_http_headers({"Accept-Language": "ko-KR,ko;q=0.9"})
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert page.evaluate("getComputedStyle(document.body).wordBreak") == "keep-all"
