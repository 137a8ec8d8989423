"""The house's people send forms as browsers do."""

from tests.house.forms import edits_in

PAGE = """
<input name="other" value="1"><input type="hidden" name="editing" value="1">
<input name="edit-a" value="x &amp; y"><input name="edit-none">
<textarea name="edit-b">
two
lines</textarea>
<select name="edit-c"><option value="1">one<option value="2" selected>two</select>
<select name="edit-d"><option value="first">first<option value="second">second</select>
<input type="checkbox" name="edit-off" value="on"><input type="checkbox" name="edit-on" checked>
"""


def test_the_fields_are_sent_as_a_browser_would_send_them() -> None:
    assert edits_in(PAGE) == {
        "editing": "1",
        "edit-a": "x & y",
        "edit-none": "",
        "edit-b": "two\nlines",
        "edit-c": "2",
        "edit-d": "first",
        "edit-on": "on",
    }
