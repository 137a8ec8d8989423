"""URLs and e-mail addresses as text, never as links, with the host to the eye and what is odd about it said."""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from approvals.presentation.characters import scripts_in
from approvals.presentation.text import reveal

# As browsers read it: a backslash ends the host, and what stands before the last @ is a name, however it looks.
_PARTS: Final = re.compile(
    r"(?P<scheme>[^:]+://)(?P<user>[^/?#\\]*@)?(?P<host>\[[^\]/?#\\]*\]|[^/?#:\\]*)(?P<rest>.*)", re.DOTALL
)


def url_in_parts(url: str) -> SafeString:
    """Return a URL as HTML, whole; its host stands out, and warnings follow it."""
    match = _PARTS.fullmatch(url)
    if not match:
        return reveal(url)
    warnings = list(_about_host(match["host"]))
    if match["user"]:
        warnings.append(_("what stands before the @ is a name and not where it leads"))
    return _marked(match["scheme"] + (match["user"] or ""), match["host"], match["rest"], warnings)


def email_in_parts(address: str) -> SafeString:
    """Return an e-mail address as HTML, whole; its host stands out, and warnings follow it."""
    name, _at, host = address.rpartition("@")
    return _marked(f"{name}@", host, "", list(_about_host(host)))


def _marked(before: str, host: str, after: str, warnings: list[str]) -> SafeString:
    said = format_html_join("", '<span class="warning">{}</span>', ((reveal(f"⚠ {warning}"),) for warning in warnings))
    return format_html(
        '<span class="address">{}<strong>{}</strong>{}</span>{}', reveal(before), reveal(host), reveal(after), said
    )


def _about_host(host: str) -> Iterator[str]:
    labels = host.split(".")
    if any(label.lower().startswith("xn--") for label in labels):
        yield _("reads as %(host)s") % {"host": ".".join(map(_decoded, labels))}
    elif not host.isascii():
        yield _("other letters than a to z: they may look like another host")
    if any(len(scripts_in(_decoded(label))) > 1 for label in labels):
        yield _("letters of several alphabets in one word")


def _decoded(label: str) -> str:
    """Return what a label in Punycode reads as; the label itself when it is none."""
    if not label.lower().startswith("xn--") or len(label) > 63:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
