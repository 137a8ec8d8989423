"""Signed tokens, and the beginnings of such, in what is printed or shown."""

import re
from typing import Final

# Three letters are enough, where something begins: inside an id, which is random, they come up by chance. In JSON a
# line's end before it is a backslash and a letter, in an address a quote is a percent sign and two digits.
_BEGUN: Final = re.compile(r"(?:(?<![\w-])|(?<=\\[nrtbf])|(?<=%[0-9A-Fa-f]{2}))eyJ[\w.-]*")


def begun_tokens(text: str) -> list[str]:
    """Return each signed token in a text, also the first letters of one that was cut."""
    return _BEGUN.findall(text)
