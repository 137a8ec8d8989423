"""The files that go along with a request: what an agent may send, and how it is told from what it only claims to be."""

import hashlib
from typing import Annotated, Final

from pydantic import Field, StringConstraints, field_validator

from restate_bridge.contract.wire import Wire

MAX_FILES: Final = 10
MAX_FILE_BYTES: Final = 5 * 1024 * 1024
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
MEDIA_TYPES: Final = tuple(_BEGINNINGS)
_WEBP: Final = b"WEBP"

FileDigest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class FileReference(Wire):
    """A file that goes along with a request; its content is sent before (``PUT /api/files/{digest}``).

    Attributes:
        name: what it is called, for people; no path.
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
        if media_type not in _BEGINNINGS:
            raise ValueError(f"{media_type!r} is none of {', '.join(MEDIA_TYPES)}")
        return media_type


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
