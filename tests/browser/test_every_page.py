"""Each page in each state, light and dark, wide and on a phone: axe finds nothing, nothing runs sideways."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from embedded.settings import ROOT
from tests.browser.conftest import Visit, visiting
from tests.browser.scenes import EVERYBODY, Scene, scenes
from tests.browser.visitor import Visitor
from tests.house.house import House

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# A window of 1440 by 960 that is zoomed to 200% has half as many pixels of CSS.
SIZES = {"wide": (1440, 960), "medium": (1000, 800), "zoomed": (720, 480), "phone": (390, 844), "narrow": (320, 700)}
# In the dark only colours differ, and these show in the widest and the narrowest.
IN_THE_DARK = {"wide", "narrow"}
# Targets large enough for thumbs are part of the standard, but not of what axe looks at by itself.
# Bars that stay where they are come close to whatever runs under them, so that these are looked at again in the middle.
LOOK = """async () => {
  const targets = { rules: { "target-size": { enabled: true } } };
  const tooSmall = async (element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const { violations } = await axe.run(element, { ...targets, runOnly: ["target-size"] });
    return violations.length > 0;
  };
  const { violations } = await axe.run({ ...targets, resultTypes: ["violations"], elementRef: true });
  const found = [];
  for (const { id, nodes } of violations) {
    const wrong = [];
    for (const { element, html } of nodes) if (id !== "target-size" || await tooSmall(element)) wrong.push(html);
    if (wrong.length) found.push([id, ...wrong]);
  }
  return found;
}"""
TWO_TOO_SMALL = """() => {
  const line = document.createElement("div");
  for (const number of [1, 2]) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: number });
    button.style.cssText = "width: 8px; height: 8px; min-width: 0; min-height: 0; padding: 0; margin: 0";
    line.append(button);
  }
  document.querySelector("main").prepend(line);
}"""
UNDER_THE_BAR = """(box, top) => scrollBy({ top: box.getBoundingClientRect().top - top, behavior: "instant" })"""
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that keeps requests whose run nobody knows."""
    with House(tmp_path_factory.mktemp("every-page"), COUNTERSIGN_MISSING_SECONDS="86400") as house:
        yield house


@pytest.fixture
def visit(chromium: Browser, house: House) -> Iterator[Visit]:
    """Sign in there."""
    yield from visiting(chromium, house)


@pytest.fixture(scope="module")
def stage(house: House) -> dict[str, Scene]:
    """All there is to see."""
    return scenes(house)


def set_size(page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})


def play(visitor: Visitor, scene: Scene) -> None:
    """Open the scene's page on a wide screen and do what is done there."""
    set_size(visitor.page, "wide")
    visitor.page.goto(scene.path)
    visitor.wait_until_live()
    visitor.page.wait_for_load_state("networkidle")
    scene.steps(visitor.page)


def complaints(page: Page, name: str, scheme: str, screenshots: Path) -> dict[str, Any]:
    """Look at what is open in each size; return what is wrong with it and keep pictures."""
    found: dict[str, Any] = {}
    page.add_script_tag(path=AXE)
    for size in SIZES if scheme == "light" else IN_THE_DARK:
        set_size(page, size)
        page.screenshot(path=screenshots / f"{name}-{scheme}-{size}.png", full_page=size == "phone")
        if page.evaluate(SIDEWAYS):
            found[f"{name} {size} runs sideways"] = page.evaluate("document.documentElement.scrollWidth")
        if violations := page.evaluate(LOOK):
            found[f"{name} {size}"] = violations
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_sideways(
    visit: Visit, house: House, stage: dict[str, Scene], screenshots: Path, scheme: str
) -> None:
    # Injected scripts are what the policy is there to stop; the other tests run under it.
    visitor = visit(EVERYBODY, color_scheme=scheme, bypass_csp=True)
    found: dict[str, Any] = {}
    for name, scene in stage.items():
        play(visitor, scene)
        found |= complaints(visitor.page, name, scheme, screenshots)
    visitor.page.context.clear_cookies()
    visitor.page.goto("/sign-in/")
    found |= complaints(visitor.page, "sign-in", scheme, screenshots)
    # Nothing ever waits for an operator.
    visitor.sign_in_here("operator", house.password)
    found |= complaints(visitor.page, "empty", scheme, screenshots)
    assert found == {}


def test_targets_that_are_too_small_wherever_they_stand_are_found(visit: Visit) -> None:
    page = visit(bypass_csp=True).page
    page.goto("/")
    page.add_script_tag(path=AXE)
    page.evaluate(TWO_TOO_SMALL)
    found = page.evaluate(LOOK)
    assert [rule for rule, *_ in found] == ["target-size"]
    assert len(found[0]) == len(["the rule", "1", "2"])


def test_what_a_bar_that_stays_comes_close_to_is_not_too_small(visit: Visit, stage: dict[str, Scene]) -> None:
    visitor = visit(EVERYBODY, bypass_csp=True)
    play(visitor, stage["editing-nested"])
    visitor.page.add_script_tag(path=AXE)
    box = visitor.page.locator("input[type=checkbox][name$=has_receipt]").first
    bottom = visitor.page.locator("body > header").bounding_box()
    assert bottom is not None
    for distance in range(-16, 20, 4):
        box.evaluate(UNDER_THE_BAR, bottom["height"] + distance)
        assert visitor.page.evaluate(LOOK) == []


def test_the_intake_apis_own_page_works_under_the_policy(visit: Visit) -> None:
    visitor = visit()
    # The page's library carries its icons in itself, which the policy refuses; they are decoration.
    visitor.expected.append("data:image")
    visitor.page.goto("/api/docs")
    expect(visitor.page.get_by_text("Announce a request")).to_be_visible()


def test_the_policy_allows_nothing_inline_and_nobody_else(visit: Visit, house: House) -> None:
    visitor = visit()
    response = visitor.page.goto("/")
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert visitor.page.evaluate("document.querySelectorAll('[style], style, script:not([src])').length") == 0
