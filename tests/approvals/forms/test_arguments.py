"""The form in which arguments are edited: a part for each value, whatever its shape."""

import html
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from approvals.forms.arguments import ArgumentsForm, outermost
from approvals.forms.growing import MOST_FIELDS, MOST_ROWS
from approvals.forms.places import places_of
from approvals.forms.steps import Step
from approvals.models import ApprovalRequest
from tests.approvals.forms.shapes import ITEMS, ONE, SHAPES, TAGS, form_for


def page_of(form: ArgumentsForm) -> str:
    context = {"arguments_form": form, "places": places_of([], form.parts), "approval_request": ApprovalRequest(pk=1)}
    return render_to_string("approvals/request/edit.html", context)


def posted_by(form: ArgumentsForm) -> QueryDict:
    """Return what a browser posts of the form as it is rendered."""
    page, data = page_of(form), QueryDict(mutable=True)
    for tag in re.findall(r"<input[^>]*>", page):
        at = {name: html.unescape(value or "") for name, value in re.findall(r'([\w-]+)(?:="([^"]*)")?', tag)}
        if "name" in at and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            data.appendlist(at["name"], at.get("value", "on" if at.get("type") == "checkbox" else ""))
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        data[html.unescape(name)] = html.unescape(text)
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)
        data[html.unescape(name)] = html.unescape(chosen[0])
    return as_sent(data)


def as_sent(typed: QueryDict) -> QueryDict:
    """Return what a browser makes of names and values: no NUL, and line breaks of its own."""
    data = QueryDict(mutable=True)
    for name, values in typed.lists():
        in_browser = [re.sub(r"\r\n|\r|\n", "\r\n", text.replace("\0", "\ufffd")) for text in (name, *values)]
        data.setlist(in_browser[0], in_browser[1:])
    return data


def resubmitted(form: ArgumentsForm, **changed: str) -> ArgumentsForm:
    data = posted_by(form)
    data.update({f"edit-{name}": value for name, value in changed.items()})
    return ArgumentsForm(form._request, form._proposed, data)


@pytest.mark.parametrize(("part", "value"), SHAPES)
def test_what_nobody_touches_comes_back_exactly_as_it_was(part: Any, value: Any) -> None:
    form = resubmitted(form_for(part, value))
    form.is_valid()
    assert form.edits() == {}
    assert form.changes() == []


def test_an_object_has_a_field_for_each_property_and_an_optional_one_may_be_left_out() -> None:
    form = resubmitted(form_for({"$ref": "#/$defs/Item"}, ONE[0]), **{"a/amount": "12"})
    assert form.is_valid()
    assert form.edits() == {"a": {**ONE[0], "amount": 12.0}}
    without = resubmitted(form.after(Step.read("unset:a/paid")))
    assert without.is_valid()
    assert without.edits() == {"a": {"what": "bed", "amount": 12.0}}
    noted = resubmitted(without.after(Step.read("set:a/note")), **{"a/note": "late"})
    assert noted.is_valid()
    assert noted.edits() == {"a": {"what": "bed", "amount": 12.0, "note": "late"}}


def test_a_required_property_cannot_be_left_out() -> None:
    form = resubmitted(form_for({"$ref": "#/$defs/Item"}, ONE[0])).after(Step.read("unset:a/what"))
    assert "unset:a/what" not in page_of(form)
    assert 'value="bed"' in page_of(form)


def test_rows_are_added_with_the_schemas_defaults_and_removed_and_what_was_typed_stays() -> None:
    form = resubmitted(form_for(ITEMS, ONE), **{"a/0/what": "sofa"}).after(Step.read("add:a"))
    assert form.errors == {}
    assert re.search(r'<input type="text" name="edit-a/1/what"[^>]* autofocus', page_of(form))
    filled = resubmitted(form, **{"a/1/what": "lamp", "a/1/amount": "5"})
    assert filled.is_valid()
    assert filled.edits()["a"] == [
        {"what": "sofa", "amount": 10.0, "paid": True},
        {"what": "lamp", "amount": 5.0, "paid": True},
    ]
    left = resubmitted(filled.after(Step.read("remove:a/0")))
    assert left.is_valid()
    assert left.edits()["a"] == [{"what": "lamp", "amount": 5.0, "paid": True}]


def test_a_row_that_was_removed_does_not_come_back_in_a_new_one() -> None:
    form = resubmitted(form_for({"type": "array", "items": {"type": "string"}}, ["x", "y"]))
    form = resubmitted(form.after(Step.read("remove:a/1"))).after(Step.read("add:a"))
    assert resubmitted(form).edits() == {"a": ["x", ""]}


def test_the_numbers_of_items_are_kept_within_their_bounds() -> None:
    few = form_for(ITEMS, ONE)
    assert "remove:a/0" not in page_of(few)
    many = form_for(ITEMS, ONE * 3)
    assert "add:a" not in page_of(many)
    assert resubmitted(many).after(Step.read("add:a")).parts[0].children[3:] == []


def test_what_does_not_fit_is_said_at_the_innermost_part() -> None:
    form = resubmitted(form_for(ITEMS, ONE * 2), **{"a/1/amount": "-1"})
    assert not form.is_valid()
    assert form.errors == {"a/1/amount": ["must be more than 0"]}
    page = page_of(form)
    assert 'aria-invalid="true" aria-describedby="id_edit-a/1/amount_helptext id_edit-a/1/amount_error"' in page
    assert "more than 0, up to 100,000" in page


def test_a_list_that_is_wrong_as_a_whole_says_so_and_is_not_valid() -> None:
    unique = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
    form = resubmitted(form_for(unique, ["x", "y"]), **{"a/1": "x"})
    assert not form.is_valid()
    assert form.parts[0].problems == ["must not hold the same item twice"]


def test_picked_choices_keep_their_order() -> None:
    form = form_for(TAGS, ["blue", "red"], "edit-a=red&edit-a=green&edit-a=blue")
    assert form.is_valid()
    assert form.edits() == {"a": ["blue", "red", "green"]}


def test_untouched_text_with_a_nul_is_valid_and_nobody_types_another() -> None:
    assert resubmitted(form_for({"type": "string"}, "a\0b")).is_valid()
    assert not form_for({"type": "string"}, "a\0b", "edit-a=a%00c").is_valid()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ({"enum": ["a\nb", "a\0b", "c"]}, "a\0b"),
        ({"type": "array", "items": {"enum": ["a\nb", "c"]}, "uniqueItems": True}, ["a\nb"]),
    ],
)
def test_choices_that_a_browser_posts_as_something_else_are_edited_otherwise(part: Any, value: Any) -> None:
    assert resubmitted(form_for(part, value)).is_valid()


def test_where_nothing_holds_a_value_there_is_no_field_for_it() -> None:
    inner = {"anyOf": [{"type": "object", "properties": {"b": {"type": "string"}}}, {"type": "null"}]}
    assert form_for(inner, None, "edit-a.b=x", editable="a.b").edits() == {}
    assert "edit-a.b" not in page_of(form_for(inner, None, editable="a.b"))
    assert form_for(inner, {}, "edit-a.b=x", editable="a.b").edits() == {"a.b": "x"}


def test_a_paths_own_parts_are_edited_once() -> None:
    assert outermost(["a", "a.b", "ab", "a"]) == ["a", "ab"]


TREE = {"type": "object", "properties": {"next": {"$ref": "#/properties/a"}}, "required": ["next"]}
WIDE = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(5_000)}}
NESTED = {"type": "array", "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}}}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (TREE, {"next": {"next": {"next": {}}}}),
        (TREE, {}),
        (WIDE, {"p1": "x"}),
        ({"type": "array", "items": {"type": "string"}}, ["x"] * (MOST_ROWS + 1)),
        (NESTED, [ONE * 50] * 50),
        ({"enum": [f"e{n}" for n in range(100_000)]}, "e1"),
        ({"type": "array", "items": {"enum": list(range(100_000))}, "uniqueItems": True}, [1]),
        ({"type": "array", "items": {"$ref": "#/properties/a"}}, [[[[[[[[[]]]]]]]]]),
        ({"properties": 1, "required": "x", "items": True, "type": "object"}, {}),
        ({"type": "object", "title": 5, "description": [], "properties": {"x": True}}, {"x": 1}),
    ],
)
def test_hostile_schemas_make_a_form_of_bounded_size_that_still_gives_back_what_it_was(part: Any, value: Any) -> None:
    form = form_for(part, value)
    assert len(posted_by(form)) < MOST_FIELDS * 3
    assert len(page_of(form)) < 2_000_000
    again = resubmitted(form)
    again.is_valid()
    assert again.edits() == {}


@pytest.mark.parametrize("typed", ["[" * 100_000, "9" * 5_000, "NaN", '"\\ud800"', '{"\\udfff": 1}', "{", '{"b":1 '])
def test_json_that_cannot_be_read_or_carried_is_refused_and_shown_as_it_was_typed(typed: str) -> None:
    form = form_for({}, {"b": 1}, f"edit-a={typed}")
    assert not form.is_valid()
    assert f">\n{html.escape(typed)}</textarea>" in page_of(form)
    assert page_of(form).encode()


def test_json_is_shown_as_it_was_typed_also_when_it_fits() -> None:
    form = form_for({}, {"b": 1}, 'edit-a={"b":  2}')
    assert form.edits() == {"a": {"b": 2}}
    assert html.escape('{"b":  2}') in page_of(form)


@pytest.mark.parametrize(
    "posted",
    [
        "edit-a~rows=0,0,x,-1,99999999999,7|-5",
        "edit-a~rows=" + ",".join(map(str, range(5_000))),
        "edit-a~is=nonsense",
        "edit-a~rows=|",
    ],
)
def test_nonsense_in_what_is_posted_breaks_nothing(posted: str) -> None:
    form = form_for(ITEMS, ONE, posted)
    form.is_valid()
    for step in ("add:a", "remove:a/0", "remove:zz", "set:a", "unset:a/0", "nonsense", "add:"):
        assert page_of(form.after(Step.read(step)))


def test_labels_and_hints_show_what_hides() -> None:
    page = page_of(form_for({"type": "string", "title": "Am\u202eount<b>", "description": "x\u200by"}, "v"))
    assert "U+202E" in page
    assert "U+200B" in page
    assert "<b>" not in page
