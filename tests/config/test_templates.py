"""Pages are indented in their templates, and not on their way."""

from typing import Any

import pytest
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template
from django.test import Client

from config.templates import flush_left


def test_lines_are_kept_and_their_indentation_is_not() -> None:
    template = '<ol>\n  <li\n     class="row">\n\n\t</li>\n</ol>\n'
    assert flush_left(template) == '<ol>\n<li\nclass="row">\n\n</li>\n</ol>\n'


def test_what_is_laid_out_in_a_pre_stays_so() -> None:
    sample = '<pre class="sample"><code>def f():\n    return 1\n</code></pre>'
    assert flush_left(f"<div>\n  {sample}\n  {sample}\n</div>") == f"<div>\n{sample}\n{sample}\n</div>"


def source_of(name: str) -> str:
    template: Any = get_template(name)
    return str(template.template.source)


def test_pages_are_read_by_it_and_those_of_others_as_they_are() -> None:
    source = source_of("approvals/inbox.html")
    assert "\n" in source
    assert "\n " not in source
    assert "\n " in source_of("admin/base.html")


def test_no_page_is_indented(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    assert page.count("\n") > 30
    assert "\n " not in page


def test_an_error_names_the_line_of_the_file() -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        engines["django"].from_string(flush_left("<p>\n  <b>\n    {% nonsense %}\n  </b>\n</p>"))
    error: Any = caught.value
    assert error.token.lineno == 3
