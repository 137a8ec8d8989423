"""No template holds words that are shown without having been translated."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.translations.reading import untranslated_words

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("page", PAGES)
def test_a_template_holds_no_untranslated_words(page: str) -> None:
    assert untranslated_words((TEMPLATES / page).read_text()) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p aria-label="Queues">{{ x }}</p>', ["Queues"]),
        ('<a title="{% if a %}Open{% endif %}">1</a>', ["Open"]),
        ('<meta name="description" content="About us">', ["About us"]),
        ("<p>{% if n > 1 %}many{% endif %} a</p>", ["many a"]),
        ("<p>{% translate 'Hello' %} {# note #}<kbd>Enter</kbd> <code>x = y</code> Countersign · #{{ n }}</p>", []),
        ("<p>{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}</p>", []),
    ],
)
def test_what_counts_as_untranslated(template: str, found: list[str]) -> None:
    assert untranslated_words(template) == found
