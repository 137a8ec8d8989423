"""The fields of a form for editing, as a browser would send them."""

from html.parser import HTMLParser

_EDITS = "edit-"


def edits_in(page: str) -> dict[str, str]:
    """Return what the fields for editing on a request's page (``?edit=1``) hold, by their names.

    Of boxes with the same name the last one that is checked counts: enough for the forms of the samples.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.fields


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "option" and self._inside:
            if "selected" in given or self._inside not in self.fields:
                self.fields[self._inside] = given.get("value", "")
            return
        name = given.get("name", "")
        if not (name.startswith(_EDITS) or name == "editing") or tag not in ("input", "select", "textarea"):
            return
        if tag == "input":
            box = given.get("type") in ("checkbox", "radio")
            if not box or "checked" in given:
                self.fields[name] = given.get("value", "on" if box else "")
            return
        self._inside = name
        if tag == "textarea":
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self.lasttag == "textarea":
            # A line break right behind the tag is not part of the text.
            begins = not self.fields[self._inside]
            self.fields[self._inside] += data.removeprefix("\n") if begins else data
