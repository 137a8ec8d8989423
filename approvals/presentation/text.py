"""Agents' words and values, made safe to show: nothing runs, nothing hides."""

import html
import unicodedata
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS: Final = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr"}
_LAYOUT: Final = "\n\t"
# Format characters (invisible, bidirectional), controls, surrogates and unassigned.
_HIDDEN_CATEGORIES: Final = ("Cf", "Cc", "Cs", "Co", "Cn")
# Spaces and fillers that show as nothing although their category says otherwise.
_HIDDEN_OTHERS: Final = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\uffa0\ufe0e")

# Without links, images and HTML: those stay the characters that they are.
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).disable(
    ["link", "image", "autolink", "html_block", "html_inline", "reference", "heading", "lheading"]
)


def reveal(text: str) -> SafeString:
    """Return ``text`` as HTML: escaped, with every invisible or bidirectional character shown by its number."""
    return mark_safe("".join(_mark(character) for character in text))  # noqa: S308 - each character is escaped


def prose(text: str) -> SafeString:
    """Return an agent's words as HTML: simple Markdown, sanitised, no links, images or HTML, nothing invisible."""
    revealed = "".join(f"⟦{_number(c)}⟧" if _is_hidden(c) else c for c in text)
    return mark_safe(  # noqa: S308 - nh3 has sanitised it
        nh3.clean(_MARKDOWN.render(revealed), tags=_TAGS, attributes={})
    )


def _mark(character: str) -> str:
    if not _is_hidden(character):
        return html.escape(character)
    name = html.escape(unicodedata.name(character, "control character"))
    return f'<span class="hidden-character" title="{name}">{_number(character)}</span>'


def _is_hidden(character: str) -> bool:
    if character in _LAYOUT:
        return False
    return character in _HIDDEN_OTHERS or unicodedata.category(character) in _HIDDEN_CATEGORIES


def _number(character: str) -> str:
    return f"U+{ord(character):04X}"
