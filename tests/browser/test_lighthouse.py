"""Lighthouse gives full marks for accessibility and best practices; how fast the pages are, `make bench` measures."""

import pytest

from tests.browser.lighthouse import complaints, examine, main_pages, missing, score
from tests.house.house import House

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
CATEGORIES = ("accessibility", "best-practices")
# How fast it is does not count here, so nothing has to be slowed down.
QUICKLY = ("--throttling-method=provided", "--disable-full-page-screenshot")


@pytest.fixture(scope="module")
def pages(house: House) -> dict[str, str]:
    return main_pages(house)


@pytest.mark.parametrize("name", ["inbox", "request", "editing", "record", "sign-in"])
def test_lighthouse_gives_full_marks(house: House, pages: dict[str, str], name: str) -> None:
    username = "" if name == "sign-in" else "reviewer"
    report = examine(house, pages[name], username=username, categories=CATEGORIES, options=QUICKLY)
    assert [line for category in CATEGORIES for line in complaints(report, category)] == []
    assert {category: score(report, category) for category in CATEGORIES} == dict.fromkeys(CATEGORIES, 100)
