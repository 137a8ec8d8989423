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
# What the bar at the foot of a list covers can be scrolled out from under it.
LOOK = """async () => {
  const covered = ({ any }) => any.some(({ id, data }) => id === "target-size" && /obscured/i.test(data?.messageKey));
  const { violations } = await axe.run({ rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, ...nodes.filter((node) => !covered(node)).map(({ html }) => html)])
    .filter((found) => found.length > 1);
}"""
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
