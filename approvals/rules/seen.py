"""Whether what somebody decides on is what they saw."""

from typing import Final

# The name of the algorithm, and 96 bits: nobody finds other arguments that begin so, and a list is a third lighter.
_SHORT: Final = len("sha256:") + 24


def in_short(digest: str) -> str:
    """Return what of a digest a row of a list carries."""
    return digest[:_SHORT]


def is_the_same(seen: str, digest: str) -> bool:
    """Tell whether ``seen`` is a digest, or as much of it as `in_short` keeps."""
    return seen in (digest, in_short(digest))
