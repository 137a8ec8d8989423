"""The files that go along with a request: what an agent may send, and how it is told from what it only claims to be."""

import hashlib
import unicodedata
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from restate_bridge.contract.wire import Wire

MAX_FILES: Final = 10
MAX_FILE_BYTES: Final = 5 * 1024 * 1024
#: How the names of each kind end: what a desktop opens by its name must be what it was said to be.
ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "text/plain": (".txt", ".log"),
    "text/csv": (".csv",),
    "text/markdown": (".md",),
    "application/json": (".json",),
}
MEDIA_TYPES: Final = tuple(ENDINGS)
#: How a file of each kind begins; None for text, which is told by being UTF-8. Nothing that a browser would run.
_BEGINNINGS: Final[dict[str, tuple[bytes, ...] | None]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "text/plain": None,
    "text/csv": None,
    "text/markdown": None,
    "application/json": None,
}
_WEBP: Final = b"WEBP"
# Control, format, half a character, private use, unassigned, separators of lines.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

FileDigest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class FileReference(Wire):
    """A file that goes along with a request; its content is sent before (``PUT /api/files/{digest}``).

    Attributes:
        name: what it is called, for people; no path, no hidden characters, with an ending of its kind (`ENDINGS`).
        media_type: one of `MEDIA_TYPES`.
        size: in bytes.
        digest: `file_digest` of its content.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f\x7f]+$")]
    media_type: str
    size: Annotated[int, Field(ge=1, le=MAX_FILE_BYTES)]
    digest: FileDigest

    @field_validator("media_type")
    @classmethod
    def _is_known(cls, media_type: str) -> str:
        if media_type not in ENDINGS:
            raise ValueError(f"{media_type!r} is none of {', '.join(MEDIA_TYPES)}")
        return media_type

    @model_validator(mode="after")
    def _is_named_so(self) -> Self:
        if any(unicodedata.category(character) in _HIDDEN for character in self.name):
            raise ValueError("name: it has hidden characters")
        stem, dot, _ = self.name.rpartition(".")
        if not self.name.lower().endswith(ENDINGS[self.media_type]) or not stem.strip(". ") or not dot:
            raise ValueError(
                f"name: a {self.media_type} is called something with {' or '.join(ENDINGS[self.media_type])}"
            )
        return self


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content as ``sha256:…``."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def is_of(media_type: str, content: bytes) -> bool:
    """Tell whether ``content`` is what a file of a kind holds, as far as its beginning tells; text has to be UTF-8."""
    beginnings = _BEGINNINGS.get(media_type, ())
    if beginnings is None:
        return _is_text(content)
    if media_type == "image/webp" and content[8:12] != _WEBP:
        return False
    return content.startswith(beginnings)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False
