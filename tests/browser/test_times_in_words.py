"""The server and the script say a time in the same words, in each language."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.html import format_html_join
from playwright.sync_api import Browser, Page

from approvals.presentation import times
from approvals.templatetags.countersign import time_sentences

SCRIPT = settings.BASE_DIR / "static" / "js" / "times.js"
#: What `base.html` tells the script.
SET_UP = "([lang, times]) => { Object.assign(document.documentElement, { lang }).dataset.times = times }"
NOW = datetime(2026, 4, 24, 12, 0, tzinfo=UTC)
FORMS = ["age", "ago", "left", "remaining", "until", "clock", "moment", "since"]
UNITS = [timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=31)]
DISTANCES = [
    sign * (factor * unit + rest)
    for unit in UNITS
    for factor in (0, 1, 2, 5, 11, 21, 59)
    for rest in (timedelta(), timedelta(minutes=1), timedelta(hours=13, minutes=48))
    for sign in (1, -1)
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A blank page in the server's time zone, whose clock stands still."""
    context = chromium.new_context(timezone_id="UTC")
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    yield page
    context.close()


def moments() -> list[tuple[datetime, str]]:
    return [(NOW + distance, form) for distance in dict.fromkeys(DISTANCES) for form in FORMS]


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_freshening_a_page_changes_no_word_of_it(page: Page, code: str) -> None:
    with translation.override(code), timezone.override(UTC):
        said = [(times.in_words(at, NOW, form), times.whole(at)) for at, form in moments()]
        rows = [(at.isoformat(), form, words) for (at, form), (words, _) in zip(moments(), said, strict=True)]
        elements = format_html_join("", '<time datetime="{}" data-time="{}">{}</time>', rows)
        page.set_content(f"<main>{elements}</main>")
        page.evaluate(SET_UP, [code, time_sentences()])
        before = page.locator("time").all_inner_texts()
        page.add_script_tag(path=SCRIPT, type="module")
        page.wait_for_function("document.querySelector('time').title")
        after = page.evaluate("[...document.querySelectorAll('time')].map((time) => [time.textContent, time.title])")
    assert len(before) == len(said) > 1000
    assert [tuple(row) for row in after] == said


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_the_seconds_before_a_decision_goes_out_are_counted_in_the_servers_words(page: Page, code: str) -> None:
    with translation.override(code):
        words, over = times.countdown(timedelta(seconds=5)), times.countdown(timedelta())
        page.set_content('<time datetime="" data-left="4.9"></time><time datetime="" data-left="0"></time>')
        page.evaluate(SET_UP, [code, time_sentences()])
    page.add_script_tag(path=SCRIPT, type="module")
    page.wait_for_function("document.querySelector('time').textContent")
    assert page.locator("time").all_text_contents() == [words, over]
