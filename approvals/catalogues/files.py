"""Catalogues as files: ``locale/<language>/LC_MESSAGES/django.po``; the compiled one beside it is no source."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

_LINE: Final = 110
# What Babel writes above the texts and nobody reads: each gathering would change it.
_NOISE: Final = (b'"Project-Id', b'"Report-', b'"POT-', b'"PO-', b'"Last-T', b'"Language-Team', b'"Generated', b'"MIME')


def catalogue_files(folder: Path) -> Iterator[Path]:
    """Yield the catalogues below a folder of languages."""
    yield from sorted(folder.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """Return a catalogue; its language is the name of its folder."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="django")


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue as it is kept: in alphabetical order, so that two changes seldom meet in one place."""
    content = BytesIO()
    catalogue.header_comment = f"# Countersign's texts: {catalogue.locale_identifier}. See docs/translating.md."
    write_po(content, catalogue, width=_LINE, sort_output=True, ignore_obsolete=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = [line for line in content.getvalue().splitlines(keepends=True) if not line.startswith(_NOISE)]
    path.write_bytes(b"".join(kept))


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the texts that have no translation, lack a plural's form, or whose translation was only guessed."""
    return [message for message in catalogue if message.id and (message.fuzzy or not _is_whole(message))]


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(strings) and all(strings)


def compile_all(folder: Path) -> None:
    """Compile every catalogue that is younger than its compiled one.

    Processes may do so at once: each writes a file of its own and then puts it in place.
    """
    for path in catalogue_files(folder):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        fresh = compiled.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, read(path))
        fresh.replace(compiled)
