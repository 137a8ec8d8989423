"""The words that names of arguments are made of. Pure."""

import re

_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")


def words_of(name: str) -> frozenset[str]:
    """Return the words of a name such as ``unit_price`` or ``unitPrice``, in small letters."""
    return frozenset(_WORD.findall(_SEAM.sub(" ", name).lower()))
