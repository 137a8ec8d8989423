"""docs/settings.md names every variable of the environment, and its default."""

import ast
from pathlib import Path
from typing import Final

import pytest
from pydantic_core import PydanticUndefined

from config.settings import BASE_DIR, Environment
from embedded.settings import PORTS
from tests.docs.pages import ROOT, rows, variables

_PARTS: Final = ("config", "approvals", "agents", "embedded")
_PAGE: Final = (ROOT / "docs" / "settings.md").read_text()
# Where a variable stands in several tables, the first is the inbox's.
_ROWS: Final = {cells[0].strip("`"): cells for cells in reversed(rows(_PAGE))}
_FIELDS: Final = {field.alias: field for field in Environment.model_fields.values() if field.alias}

# Read by programs that we start, or by libraries; set by us and explained where that is done.
_NOT_OURS: Final = {
    "DJANGO_SETTINGS_MODULE",
    "PYTHONDONTWRITEBYTECODE",
    "DEBIAN_FRONTEND",
}


def test_every_setting_of_the_inbox_has_a_row() -> None:
    assert set(_FIELDS) - set(_ROWS) == set()


@pytest.mark.parametrize("name", _FIELDS)
def test_the_default_and_whether_it_is_required_are_as_in_the_code(name: str) -> None:
    _, _, _, default, required = _ROWS[name]
    field = _FIELDS[name]
    if field.default is PydanticUndefined:
        assert (default, required) == ("", "always")
        return
    assert required != "always"
    assert default.startswith(_shown(field.default))


@pytest.mark.parametrize("name", PORTS)
def test_the_ports_are_as_in_the_code(name: str) -> None:
    assert _ROWS[name][3] == str(PORTS[name])


@pytest.mark.parametrize("part", _PARTS)
def test_every_variable_that_the_code_reads_has_a_row(part: str) -> None:
    read = {name for file in (ROOT / part).rglob("*.py") for name in _read_from_the_environment(file)}
    assert read - set(_ROWS) - _NOT_OURS == set()


def test_every_row_is_a_variable_that_something_reads() -> None:
    files = [file for part in (*_PARTS, "tests") for file in (ROOT / part).rglob("*.py") if "docs" not in file.parts]
    others = ("Makefile", "embedded/find-python.sh", "embedded/supervisord.conf")
    sources = [*files, *(ROOT / name for name in others)]
    known = {name for file in sources for name in variables(file.read_text())}
    assert {name for name in _ROWS if "_" in name} - known == set()


def _shown(default: object) -> str:
    match default:
        case None | "":
            return "none"
        case bool():
            return f"`{str(default).lower()}`"
        case int() | float():
            return str(default)
        case Path():
            return f"`{default.relative_to(BASE_DIR)}`"
        case _:
            return f"`{default}`"


def _read_from_the_environment(file: Path) -> set[str]:
    """Return the constants that stand where the environment is read: ``environ.get("X")``, ``environ["X"]``, …"""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            asked = [ast.unparse(node.func), *map(ast.unparse, node.args[:1])]
            constants = node.args
        elif isinstance(node, ast.Subscript):
            asked, constants = [ast.unparse(node.value)], [node.slice]
        else:
            continue
        if any("environ" in word for word in asked):
            found |= {c.value for c in constants if isinstance(c, ast.Constant) and isinstance(c.value, str)}
    return {name for name in found if variables(name) == {name}}
