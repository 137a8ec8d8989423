"""What there is to translate: gathered from the code by Babel, from the templates by Django's own reading of them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

_ROOMS: Final = ("approvals", "config", "operations")
# Which arguments are texts. The errors' are said in English below the pages, and translated on them.
_KEYWORDS: Final = {
    "_": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "worded": None,
    "InvalidInput": (2,),
    "InvalidEdit": (2,),
}


def gather(root: Path) -> Catalog:
    """Return a catalogue without translations of all that stands in the code and the templates below ``root``."""
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for path, source in _sources(root):
        for line, text, comments, context in extract("python", BytesIO(source), _KEYWORDS, ("Translators:",)):
            location = (path.relative_to(root).as_posix(), line)
            catalogue.add(text, locations=[location], auto_comments=comments, context=context)
    return catalogue


def _sources(root: Path) -> Iterator[tuple[Path, bytes]]:
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            yield path, path.read_bytes()
    for path in sorted((root / "templates").rglob("*.html")):
        calls = templatize(path.read_text(), origin=str(path))
        # Indentation means something to whoever reads Python, and nothing here.
        yield path, "\n".join(line.strip() for line in calls.splitlines()).encode()


def updated(catalogue: Catalog, gathered: Catalog) -> Catalog:
    """Return ``catalogue`` with what is new in it, empty, and without what is gone; nothing is guessed."""
    gathered.creation_date = catalogue.creation_date
    catalogue.update(gathered, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue
