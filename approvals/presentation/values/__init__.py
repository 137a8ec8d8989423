"""Arguments by what they are: money as money, a date as a date, each whole and with what was sent beside it."""

from approvals.presentation.values.plain import FOLD_AFTER, beginning, in_words
from approvals.presentation.values.rows import Row, rows_for

__all__ = ["FOLD_AFTER", "Row", "beginning", "in_words", "rows_for"]
