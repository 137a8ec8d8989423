"""What of a template is shown to people without having gone through translation."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

_TRANSLATED: Final = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
# What an attribute consists of: the classes of a page, and what htmx is told.
_CLASSES: Final = re.compile(r"{%\s*block page\s*%}.*?{%\s*endblock\s*%}")
_ATTRIBUTES: Final = re.compile(r'\b(?:hx|data)-[\w-]+(?:="[^"]*")?')
_TAGS: Final = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{%.*?%}|{{.*?}}", re.DOTALL)
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}|\b[aAI]\b")
_LATIN: Final = re.compile(r"[A-Za-z]{3,}")
#: Attributes that are read out or shown.
_SHOWN: Final = ("aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt")
#: What stays as it is in every language: names of keys, code, and ours.
_SILENT: Final = ("kbd", "code", "pre", "script", "style", "svg")
_NAMES: Final = ("Countersign",)


def untranslated_words(template: str) -> list[str]:
    """Return the texts and attributes of a template that are literal words."""
    reader = _Reader()
    reader.feed(_TAGS.sub("", _TRANSLATED.sub("", _CLASSES.sub("", template))))
    return [text for text in reader.texts() if _LETTERS.search(_ATTRIBUTES.sub("", text))]


def shown_words(page: str) -> list[str]:
    """Return the texts and attributes of a page that hold Latin words."""
    reader = _Reader()
    reader.feed(page)
    return [text for text in reader.texts() if _LATIN.search(text)]


class _Reader(HTMLParser):
    """Collects what a browser would show or read out."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []
        self._silent = 0

    def texts(self) -> Iterator[str]:
        for text in self._found:
            for name in _NAMES:
                text = text.replace(name, "")
            yield " ".join(text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        words = dict(attrs)
        named = [*_SHOWN, *(["content"] if words.get("name") == "description" else [])]
        self._found += [str(words.get(name) or "") for name in named]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._found.append(data)
