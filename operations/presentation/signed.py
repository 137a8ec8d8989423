"""Signed tokens: pages show what they say, never the tokens themselves."""

import re
from typing import Final

from django.utils.translation import gettext as _

# How a JWT looks. A rejection that an agent did not expect becomes the run's failure, its signed token with it.
# In JSON a line's end before it is a backslash and a letter. No header is long, and no part gives back what it took:
# else a text made for it keeps this searching for hours.
_BEGINS: Final = r"(?:\b|(?<=\\[nrtbf])|(?<=\\u[\da-f]{4}))"
_WHOLE: Final = r"eyJ[\w-]{1,500}+\.[\w-]++\.[\w-]++"
# A long text may have been cut in the middle of one.
_CUT: Final = r"eyJ[\w-]{20,500}+(?:\.[\w-]*+)?+(?=…?$)"
_SEALED: Final = r"sealed:[\w-]{40,}+=*"
_TOKEN: Final = re.compile(rf"{_BEGINS}(?:{_WHOLE}|{_CUT})|{_SEALED}")


def without_tokens(text: str) -> str:
    """Return a failure's text, or what a step or a session holds, with a remark in the place of each signed token."""
    return _TOKEN.sub(lambda _match: _("(signed token)"), text)


def holds_token(text: str) -> bool:
    """Tell whether there is a signed token in a text."""
    return _TOKEN.search(text) is not None
