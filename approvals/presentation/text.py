"""Agents' words and values, made safe to show: nothing runs, nothing hides."""

import html
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any, Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from markdown_it import MarkdownIt

from approvals.presentation.characters import Piece, Trick, name_of, number_of, pieces_of, scripts_in

_TAGS: Final = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr"}
# Without links, images and HTML, and without entities, which would bring in characters after they were looked at: all
# those stay the characters that they are.
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).disable(
    ["link", "image", "autolink", "html_block", "html_inline", "reference", "heading", "lheading", "entity"]
)
_NUMBERED: Final = re.compile(r'<li value="(\d+)">')
_ALPHABETS: Final = {
    "Latin": gettext_lazy("Latin"),
    "Cyrillic": gettext_lazy("Cyrillic"),
    "Greek": gettext_lazy("Greek"),
    "Armenian": gettext_lazy("Armenian"),
    "Cherokee": gettext_lazy("Cherokee"),
    "styled": gettext_lazy("Latin in another style"),
}
# After so many the page says no more about each than that it is there: a text of nothing else stays readable.
_EXPLAINED: Final = 100
# A text with more marks than this is laid out in stretches of as many, each a block by itself: a browser takes half a
# minute for tens of thousands of marks in one line, and half a second for those of the blocks that are in sight.
_STRETCH: Final = 200
_NAMED: Final = 4
# Private use, so no text that is shown holds them: `pieces_of` finds them hidden.
_OPEN, _CLOSE = "\ue000", "\ue001"


def reveal(text: str) -> SafeString:
    """Return ``text`` as HTML: escaped, with each character that hides or turns others shown by its number.

    Words of letters that pose as others, and letters under a pile of marks, stay as they are and are marked.
    """
    stretches: list[str] = []
    shown: list[str] = []
    marked = 0
    for piece in pieces_of(text):
        if piece.trick is Trick.NONE:
            shown.append(html.escape(piece.text))
            continue
        shown.append(_MARKS[piece.trick](piece.text, marked < _EXPLAINED))
        marked += 1
        if marked % _STRETCH == 0:
            stretches.append("".join(shown))
            shown.clear()
    return mark_safe(_laid_out([*stretches, "".join(shown)]))  # noqa: S308 - each piece is escaped


def _laid_out(stretches: list[str]) -> str:
    if len(stretches) == 1:
        return stretches[0]
    return "".join(f'<span class="stretch">{stretch}</span>' for stretch in stretches if stretch)


def prose(text: str) -> SafeString:
    """Return an agent's words as HTML: simple Markdown, sanitised, no links, images or HTML, nothing invisible."""
    marks: list[str] = []
    source = "".join(_held_back(piece, marks) for piece in pieces_of(text))
    rendered = nh3.clean(_MARKDOWN.render(source), tags=_TAGS, attributes={"li": {"value"}})
    if len(marks) > _STRETCH or _letters_of(_words_of(rendered)) != _letters_of(source):
        # Markdown knows no stretches, and leaves out what is nested too deeply. Nothing is left out here.
        return mark_safe(f'<p class="as-written">{reveal(text)}</p>')  # noqa: S308 - reveal escapes
    return mark_safe(_with_marks(rendered, marks))  # noqa: S308 - nh3 has sanitised it, and the marks are escaped


def _held_back(piece: Piece, marks: list[str]) -> str:
    """Return what stands for a piece while Markdown is read; odd spaces are as good as any between words."""
    if piece.trick in (Trick.NONE, Trick.SPACE):
        return piece.text
    marks.append(_MARKS[piece.trick](piece.text, len(marks) < _EXPLAINED))
    return f"{_OPEN}{len(marks) - 1}{_CLOSE}"


def _with_marks(rendered: str, marks: list[str]) -> str:
    first, *others = rendered.split(_OPEN)
    parts = (other.partition(_CLOSE) for other in others)
    return first + "".join(f"{marks[int(number)]}{rest}" for number, _close, rest in parts)


def _words_of(rendered: str) -> str:
    return html.unescape(nh3.clean(_NUMBERED.sub(r"\1", rendered), tags=set()))


def _letters_of(text: str) -> str:
    return "".join(filter(str.isalnum, text)) + str(text.count(_OPEN))


def _fence(_renderer: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    """Show the words behind a fence too: they would be an attribute else, which nobody sees."""
    info = f"<p><em>{html.escape(tokens[index].info)}</em></p>" if tokens[index].info else ""
    return f"{info}<pre><code>{html.escape(tokens[index].content)}</code></pre>"


def _item(_renderer: Any, tokens: Any, index: int, _options: Any, _env: Any) -> str:
    """Keep the number that was written: a list that counts by itself would show another one."""
    return f'<li value="{tokens[index].info}">' if tokens[index].info.isdecimal() else "<li>"


_MARKDOWN.add_render_rule("fence", _fence)
_MARKDOWN.add_render_rule("list_item_open", _item)


def _hidden(text: str, explained: bool) -> str:
    """Return a run of hidden characters as one mark; the same one many times over is counted."""
    runs = [(number_of(character), len(list(run))) for character, run in groupby(text)]
    numbers = " ".join(f"{number} ×{count}" if count > 1 else number for number, count in runs)
    return f'<span class="hidden-character"{_title(_names(text)) if explained else ""}>{numbers}</span>'


def _flood(text: str, explained: bool) -> str:
    count = len(text) - 1
    said = ngettext("%(count)d mark on one letter", "%(count)d marks on one letter", count) % {"count": count}
    words = f'<span class="remark">{html.escape(said)}</span>'
    return f'<span class="mark-flood"{_title(_names(text[1:])) if explained else ""}>{html.escape(text)}</span>{words}'


def _mixed(word: str, explained: bool) -> str:
    if not explained:
        return f'<span class="mixed-scripts">{html.escape(word)}</span>'
    title = _title(_("Letters of several alphabets in one word: %(names)s") % {"names": _alphabets(word)})
    remark = f'<span class="remark">{html.escape(_("mixed scripts"))}</span>'
    return f'<span class="mixed-scripts"{title}>{html.escape(word)}</span>{remark}'


def _alphabets(word: str) -> str:
    return ", ".join(str(_ALPHABETS[name]) for name in scripts_in(word))


def _names(text: str) -> str:
    names = [name_of(character) for character in dict.fromkeys(text)]
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _title(words: str) -> str:
    return f' title="{html.escape(words)}"'


_MARKS: Final[dict[Trick, Callable[[str, bool], str]]] = {
    Trick.HIDDEN: _hidden,
    Trick.SPACE: _hidden,
    Trick.FLOOD: _flood,
    Trick.MIXED: _mixed,
}
