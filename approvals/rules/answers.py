"""An answer that was filled in, as text: for the record, the search, and whoever reads what was decided before."""

import json
from collections.abc import Iterator

from pydantic import JsonValue


def in_lines(answer: JsonValue, longest: int) -> str:
    """Return ``{"on": "2026-11-23", "to": {"city": "Oslo"}}`` as a line each: ``on: 2026-11-23``, ``to.city: Oslo``.

    Args:
        longest: of so many characters, the last of them then a mark that there is more.
    """
    text = "\n".join(_lines(answer))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _lines(value: JsonValue, path: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _lines(inner, f"{path}.{name}" if path else name)
        return
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    yield f"{path}: {text}" if path else text
