"""How the pages' templates are read: indented for people, flush left for the network."""

import re
from typing import Final

from django.template.base import Origin
from django.template.loaders import filesystem

_KEPT_AS_WRITTEN: Final = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_INDENTATION: Final = re.compile(r"\n[ \t]+")


class FlushLeft(filesystem.Loader):
    """Reads templates without their indentation: a list of 50 rows would send some thousand spaces, each time.

    Lines stay, so an error in a template names the right one; so does what stands in a ``<pre>``.
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the template's text, as the browser is to get it."""
        return flush_left(super().get_contents(origin))


def flush_left(template: str) -> str:
    """Return a template without indentation."""
    parts = _KEPT_AS_WRITTEN.split(template)
    return "".join(part if part.startswith("<pre") else _INDENTATION.sub("\n", part) for part in parts)
