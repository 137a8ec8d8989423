"""Each page, light and dark, wide and on a phone: axe finds nothing, nothing runs sideways, and a picture is kept."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from embedded.settings import ROOT
from tests.browser.conftest import Visit
from tests.house.house import House

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
HOTEL = "Please reimburse 1,650 USD for a hotel, two nights during the audit."
SIZES = {"wide": (1440, 960), "medium": (1000, 800), "phone": (390, 844), "narrow": (320, 700)}


@pytest.fixture(scope="module")
def pages(house: House) -> dict[str, str]:
    """One of each page, by name."""
    run = house.ask(HOTEL, session="every-page")
    pending = house.request_of(run)["id"]
    return {
        "inbox": "/",
        "decided": "/?queue=decided",
        "request": f"/requests/{pending}/",
        "editing": f"/requests/{pending}/?edit=1",
        "not-found": "/requests/999999/",
        "run": f"/runs/{run}/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_sideways(
    visit: Visit, pages: dict[str, str], screenshots: Path, scheme: str
) -> None:
    # Injected scripts are what the policy is there to stop; the other tests run under it.
    visitor = visit("admin", color_scheme=scheme, bypass_csp=True)
    found: dict[str, Any] = {}
    for name, path in pages.items():
        for size, (width, height) in SIZES.items():
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.page.goto(path)
            visitor.page.wait_for_load_state("networkidle")
            visitor.page.screenshot(path=screenshots / f"{name}-{scheme}-{size}.png", full_page=size == "phone")
            if visitor.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[f"{name} {size}"] = "runs sideways"
        visitor.page.add_script_tag(path=AXE)
        violations = visitor.page.evaluate("axe.run().then(result => result.violations)")
        if violations:
            found[name] = [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in violations]
    assert found == {}


def test_the_sign_in_page_passes_axe_too(visit: Visit, screenshots: Path) -> None:
    visitor = visit(bypass_csp=True)
    visitor.page.context.clear_cookies()
    visitor.page.goto("/sign-in/")
    visitor.page.screenshot(path=screenshots / "sign-in.png")
    visitor.page.add_script_tag(path=AXE)
    assert visitor.page.evaluate("axe.run().then(result => result.violations)") == []


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
