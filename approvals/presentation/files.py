"""A request's files in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_KINDS: Final[dict[str, str | Promise]] = {
    "application/pdf": "PDF",
    "image/png": _("PNG picture"),
    "image/jpeg": _("JPEG picture"),
    "image/gif": _("GIF picture"),
    "image/webp": _("WebP picture"),
    "text/plain": _("Text"),
    "text/csv": _("Table (CSV)"),
    "text/markdown": _("Text (Markdown)"),
    "application/json": "JSON",
}


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file as a page lists it; `number` counts from 1, `size` is in bytes."""

    number: int
    name: str
    kind: str | Promise
    size: int
    digest: str
    is_picture: bool
    is_text: bool


def files_in(said: Sequence[Mapping[str, Any]]) -> list[ShownFile]:
    """Return a request's files as its page lists them."""
    return [
        ShownFile(
            number=number,
            name=file["name"],
            kind=_KINDS.get(file["media_type"], file["media_type"]),
            size=file["size"],
            digest=file["digest"],
            is_picture=is_picture(file["media_type"]),
            is_text=is_text(file["media_type"]),
        )
        for number, file in enumerate(said, start=1)
    ]


def is_picture(media_type: str) -> bool:
    """Tell whether a page may show a file of this kind as a picture."""
    return media_type in _KINDS and media_type.startswith("image/")


def is_text(media_type: str) -> bool:
    """Tell whether a page may show a file of this kind as text."""
    return media_type.startswith("text/") or media_type == "application/json"
