"""Whoever wants less motion gets none: nothing slides, fades or scrolls by itself."""

import pytest

from tests.browser.conftest import Visit
from tests.house.house import House

HOTEL = "Please reimburse 1,660 USD for a hotel, two nights during the audit."
# What would move once it is shown, hovered over or has another state.
WOULD_MOVE = """() => [...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  return lasts(style.transitionDuration) || lasts(style.animationDuration) || style.scrollBehavior === "smooth";
}).map((element) => element.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def request_id(house: House) -> int:
    return int(house.request_of(house.ask(HOTEL, session="motion"))["id"])


def test_nothing_moves_where_less_motion_is_wanted(visit: Visit, request_id: int) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.page
    for path in ("/", f"/requests/{request_id}/", f"/requests/{request_id}/?edit=1", "/keys/"):
        page.goto(path)
        visitor.wait_until_live()
        assert page.evaluate(WOULD_MOVE) == []
        page.keyboard.press("Control+k")
        assert page.evaluate("document.getAnimations().length") == 0
        page.keyboard.press("Escape")
    page.goto(f"/requests/{request_id}/")
    visitor.wait_until_live()
    page.keyboard.press("q")
    assert page.evaluate("document.getAnimations().length") == 0
