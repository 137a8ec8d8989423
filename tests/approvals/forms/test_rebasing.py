"""What was typed on a page that was made for other arguments."""

from typing import Any

import pytest
from django.http import QueryDict

from approvals.forms.arguments import ArgumentsForm
from approvals.forms.rebasing import posted_by, rebased
from approvals.models import ApprovalRequest
from tests.approvals.forms.shapes import SHAPES, form_for

SCHEMA = {
    "type": "object",
    "properties": {
        "n": {"type": "integer", "maximum": 9},
        "text": {"type": "string"},
        "sure": {"type": "boolean"},
        "rows": {"type": "array", "items": {"type": "string"}},
        "extra": {"anyOf": [{"type": "object", "properties": {"x": {"type": "string"}}}, {"type": "null"}]},
    },
}
BASE: dict[str, Any] = {"n": 1, "text": "a\r\nb", "sure": True, "rows": ["x", "y"], "extra": None}
THEIRS: dict[str, Any] = {"n": 2, "text": "a\r\nb", "sure": False, "rows": ["x", "z"], "extra": {"x": "new"}}


def typed(**changed: str) -> ArgumentsForm:
    """Return the form for what others proposed, after this was typed on a page that showed what they began with."""
    request = ApprovalRequest(pk=1, arguments_schema=SCHEMA, arguments=BASE, editable=list(BASE))
    data = posted_by(ArgumentsForm(request, BASE))
    data.update({f"edit-{name}": value for name, value in changed.items()})
    return rebased(request, base=BASE, proposed=THEIRS, data=data)


@pytest.mark.parametrize(("part", "value"), SHAPES)
def test_a_form_posts_what_it_was_made_for(part: Any, value: Any) -> None:
    form = form_for(part, value)
    again = ArgumentsForm(form._request, form._proposed, posted_by(form))
    again.is_valid()
    assert again.edits() == {}


def test_what_nobody_touched_is_as_the_others_left_it() -> None:
    form = typed()
    assert form.is_valid()
    assert form.edits() == {}


def test_what_was_changed_is_carried_over_and_nothing_else() -> None:
    form = typed(text="mine", **{"rows/0": "w"})
    assert form.is_valid()
    assert form.edits() == {"text": "mine", "rows": ["w", "z"]}


def test_what_does_not_fit_is_shown_as_it_was_typed() -> None:
    form = typed(n="1O", **{"rows/0": "w"})
    assert not form.is_valid()
    assert form["n"].value() == "1O"
    assert form.edits() == {"rows": ["w", "z"]}
    assert typed(n="10")["n"].value() == "10"


def test_a_row_that_was_added_stays() -> None:
    assert typed(**{"rows~rows": "0,1,2|3", "rows/2": "more"}).edits() == {"rows": ["x", "y", "more"]}


def test_what_is_posted_besides_is_left_behind() -> None:
    form = typed(nonsense="x")
    assert isinstance(form.data, QueryDict)
    assert "edit-nonsense" not in form.data
