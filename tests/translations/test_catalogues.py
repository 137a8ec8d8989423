"""The catalogues hold all that there is to translate, and their translations fit."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.conf import settings
from django.utils import translation

from approvals.catalogues.files import compile_all, read, untranslated, write
from approvals.catalogues.gathering import gather, updated

ROOT = Path(settings.BASE_DIR)
OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
GAP = re.compile(r"%\(\w+\)s|%%|{\w*}|</?[a-z][^>]*>")


def catalogue_of(code: str) -> Path:
    return ROOT / "locale" / code / "LC_MESSAGES" / "django.po"


def forms(message: Message) -> list[tuple[str, str]]:
    """Return each translation with the text that it is of."""
    texts = message.id if isinstance(message.id, list | tuple) else [message.id]
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return [(texts[-1], string or "") for string in strings]


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_holds_what_stands_in_code_and_templates_and_nothing_else(code: str) -> None:
    held = {(message.context, message.id) for message in read(catalogue_of(code)) if message.id}
    needed = {(message.context, message.id) for message in gather(ROOT) if message.id}
    assert (needed - held, held - needed) == (set(), set()), "run make translations"


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_without_translation_or_to_a_guess(code: str) -> None:
    assert [message.id for message in untranslated(read(catalogue_of(code)))] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_gaps_and_the_markup_of_its_text(code: str) -> None:
    wrong = [
        (text, string)
        for message in read(catalogue_of(code))
        if message.id
        for text, string in forms(message)
        if sorted(GAP.findall(text)) != sorted(GAP.findall(string))
    ]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_gathering_again_changes_nothing(code: str, tmp_path: Path) -> None:
    again = tmp_path / code / "LC_MESSAGES" / "django.po"
    write(again, updated(read(catalogue_of(code)), gather(ROOT)))
    assert again.read_bytes() == catalogue_of(code).read_bytes()


def test_a_new_text_is_found_missing_and_a_guess_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "{% load i18n %}\n    <p>\n  {% translate 'New here' %}</p>"
        "{% blocktranslate count n=3 %}one{% plural %}{{ n }} many{% endblocktranslate %}"
    )
    (tmp_path / "approvals").mkdir()
    (tmp_path / "approvals" / "code.py").write_text('raise InvalidEdit(path, "must be {}", 5)\n')
    gathered = gather(tmp_path)
    assert {message.id for message in gathered if message.id} == {"New here", ("one", "%(n)s many"), "must be {}"}
    assert len(untranslated(gathered)) == 3


def test_what_is_compiled_is_what_django_reads(tmp_path: Path) -> None:
    path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    write(path, read(catalogue_of("ko")))
    compile_all(tmp_path)
    first = path.with_suffix(".mo").stat().st_mtime_ns
    compile_all(tmp_path)
    assert path.with_suffix(".mo").stat().st_mtime_ns == first, "compiled again without need"
    with translation.override("ko"):
        assert translation.gettext("Sign in") == "로그인"


@pytest.mark.parametrize("code", OTHERS)
def test_a_languages_catalogue_is_kept_and_its_compiled_form_is_not(code: str) -> None:
    assert catalogue_of(code).exists()
    assert "*.mo" in (ROOT / ".gitignore").read_text().splitlines()
