"""What was changed, as the page shows it while somebody edits, and afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from pydantic import JsonValue

from approvals.presentation.text import reveal
from approvals.presentation.values import in_words
from approvals.rules.changes import MISSING, Change, Kind, Steps, Value
from approvals.rules.text_changes import Piece, pieces_between

#: Texts from here on are compared word by word; shorter ones are shown one after the other.
_LONG: Final = 24
#: Of a longer stretch that both versions hold, only its ends are shown.
_LONGEST_SHARED: Final = 160
_ENDS: Final = 60


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A stretch of a text that was changed.

    Attributes:
        kind: ``added``, ``removed``, ``gap`` for words about what is left out, or empty for what stayed.
    """

    kind: str
    shown: SafeString | str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change.

    Attributes:
        way: the names and places that lead to the value, items counted from 1.
        kind: ``added``, ``removed`` or ``changed``.
        before: what it was as HTML, None where it was added.
        after: what it is as HTML, None where it was removed.
        style: ``code`` for JSON.
        pieces: what became of a long text, instead of the two.
    """

    way: list[SafeString]
    kind: str
    before: SafeString | None
    after: SafeString | None
    style: str
    pieces: list[ShownPiece] = field(default_factory=list)


def shown_changes(changes: Sequence[Change], arguments: Mapping[str, JsonValue]) -> list[ShownChange]:
    """Return the changes as the page shows them; where a tool takes one object, that goes without saying."""
    shared = 1 if len(arguments) == 1 and all(len(change.steps) > 1 for change in changes) else 0
    return [_shown(change, change.steps[shared:]) for change in changes]


def _shown(change: Change, steps: Steps) -> ShownChange:
    before, after = change.before, change.after
    pieces: list[ShownPiece] = []
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > _LONG:
        pieces = [shown for piece in pieces_between(before, after) for shown in _shown_piece(piece)]
    style = "code" if isinstance(before, dict | list) or isinstance(after, dict | list) else ""
    return ShownChange(_way(steps), change.kind.value, _in_html(before), _in_html(after), style, pieces)


def _way(steps: Steps) -> list[SafeString]:
    return [reveal(str(step + 1) if isinstance(step, int) else step) for step in steps]


def _in_html(value: Value) -> SafeString | None:
    if value is MISSING:
        return None
    # Empty text shows as what it is, not as nothing.
    return reveal(in_words(value)[0]) if value != "" else reveal("“”")


def _shown_piece(piece: Piece) -> list[ShownPiece]:
    text = piece.text
    if piece.kind is not None:
        # A line that begins or ends is a change that nobody would see.
        marked = text.replace("\n", "↵\n") if not text.strip() else text
        return [ShownPiece("added" if piece.kind is Kind.ADDED else "removed", reveal(marked))]
    if len(text) <= _LONGEST_SHARED:
        return [ShownPiece("", reveal(text))]
    hidden = len(text) - 2 * _ENDS
    words = ngettext("%(count)s character as it was", "%(count)s characters as they were", hidden) % {
        "count": f"{hidden:,}"
    }
    return [ShownPiece("", reveal(text[:_ENDS])), ShownPiece("gap", words), ShownPiece("", reveal(text[-_ENDS:]))]
