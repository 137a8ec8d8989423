"""``make pictures``: take the pictures below docs/pictures anew, of a house with a few real runs.

Each page light, dark, on a phone and in Korean. They are looked at by people; no test compares them.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, Route, sync_playwright

from embedded.settings import ROOT
from tests.browser.visitor import Visitor
from tests.house.house import House
from tests.house.people import Person, invite
from tests.house.processes import scratch

_FOLDER: Final = ROOT / "docs" / "pictures"
_RUNS: Final = {
    "hotel": "Please reimburse 1,800 USD: three nights at the Harbour Hotel while visiting a customer.",
    "dinner": "I would like to claim a dinner of 1,320 USD for which I lost the receipt.",
    "fair": "We paid 12,400 EUR for our stand at the trade fair. Can I have it back?",
    "train": "Train and flight to the Lisbon office came to 1,250 USD altogether, receipts attached.",
    "course": "I paid 2,100 EUR for my course in contract law, as agreed.",
    "taxi": "Please reimburse 1,040 USD for the taxis of the whole team during the fair.",
}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light", "locale": "en-GB"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark", "locale": "en-GB"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "locale": "en-GB"},
    "korean": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light", "locale": "ko-KR"},
}

type Scene = tuple[str, Callable[[Page], object]]


def scenes(ids: dict[str, int]) -> dict[str, Scene]:
    """Return the pages by name: an address, and what is done there before the picture."""
    request = {name: f"/requests/{pk}/" for name, pk in ids.items()}
    return {
        "newcomer": (request["hotel"], _nothing),
        "inbox": ("/", _nothing),
        "filters": ("/?queue=teams", lambda page: page.locator("#filters summary").click()),
        "search": ("/?queue=all&q=reimburse", _nothing),
        "selected": ("/", _select_two),
        "palette": ("/", _open_palette),
        "keys": ("/keys/", _nothing),
        "request": (request["hotel"], _nothing),
        "question": (request["dinner"], _nothing),
        "high-risk": (request["fair"], _nothing),
        "editing": (f"{request['hotel']}?edit=1", _change_amount),
        "snooze": (request["train"], lambda page: page.locator("#snooze summary").click()),
        "thread": (request["course"], lambda page: page.locator("#id_comment").scroll_into_view_if_needed()),
        "done": (f"{request['taxi']}?queue=decided", _nothing),
        "record": (f"{request['taxi']}record/", _nothing),
        "nothing": ("/?queue=snoozed", _nothing),
    }


def main() -> None:
    """Start a house, let a few agents ask, and take every picture."""
    _FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, House(scratch(Path(folder)), COUNTERSIGN_UNDO_SECONDS="0") as house:
        ids = {name: house.request_of(house.ask(text, session=name))["id"] for name, text in _RUNS.items()}
        invite(house, [f"{look}-reviewer" for look in _LOOKS])
        _set_the_scene(house, ids)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ["CHROMIUM_PATH"], args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            for look, options in _LOOKS.items():
                _take(browser, house, look, options, scenes(ids))
            browser.close()


def _set_the_scene(house: House, ids: dict[str, int]) -> None:
    with Person(house, "second-reviewer") as colleague:
        colleague.decide(ids["taxi"], "approve", note="Agreed with the team lead.")
        colleague.decide(ids["course"], "comment", comment="Was this the course of the spring plan?")
        colleague.decide(ids["train"], "claim")
    house.wait_for_delivery(ids["taxi"], "done")


def _take(browser: Browser, house: House, look: str, options: dict[str, Any], wanted: dict[str, Scene]) -> None:
    context = browser.new_context(base_url=house.url, **options)
    visitor = Visitor(context.new_page())
    visitor.page.goto("/sign-in/")
    _picture(visitor.page, "sign-in", look)
    # A newcomer each time, so that each look has a picture of the hints.
    visitor.sign_in(f"{look}-reviewer", house.password)
    for name, (path, prepare) in wanted.items():
        visitor.page.goto(path)
        visitor.wait_until_live()
        prepare(visitor.page)
        _picture(visitor.page, name, look)
        _dismiss_hints(visitor.page)
        # What was selected or typed for one picture would come back in the next.
        visitor.page.evaluate("sessionStorage.clear()")
    _decide_together(house, visitor.page, look)
    _picture(visitor.page, "together", look)
    context.close()


def _picture(page: Page, name: str, look: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=_FOLDER / f"{name}-{look}.jpg", type="jpeg", quality=70)


def _decide_together(house: House, page: Page, look: str) -> None:
    """Let two requests be approved at once, of which somebody else was first at one."""
    parking = [f"Please reimburse 1,{fee} USD for parking during the fair." for fee in ("060", "090")]
    ids = [house.request_of(house.ask(text, session=f"{look}-{n}"))["id"] for n, text in enumerate(parking)]
    page.goto("/")
    for pk in ids:
        page.locator(f"#pick-{pk}").check()
    # The list has not heard of it yet.
    page.route("**/*", lambda route: route.fulfill(status=204) if _is_fragment(route) else route.continue_())
    with Person(house, "second-reviewer") as colleague:
        colleague.decide(ids[0], "reject", note="Parking is paid by the fair.")
    page.locator(".bulk button.go").click()
    page.locator(".bulk-results").first.wait_for()


def _nothing(page: Page) -> None:
    """The page is shown as it comes."""


def _is_fragment(route: Route) -> bool:
    """Tell whether a part of a page is asked for."""
    return "hx-request" in route.request.headers


def _dismiss_hints(page: Page) -> None:
    if (hints := page.locator("#hints button")).count():
        hints.click()


def _select_two(page: Page) -> None:
    for box in page.locator(".pick").all()[:2]:
        box.check()


def _open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")


def _change_amount(page: Page) -> None:
    field = page.locator("#what input[type=text]").first
    field.fill("1500")
    field.blur()
    page.wait_for_timeout(1500)  # the change is shown a moment after it was typed


if __name__ == "__main__":
    main()
