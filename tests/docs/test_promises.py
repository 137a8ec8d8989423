"""Each promise in the README is held by tests that exist."""

import ast
import re
from typing import Final

import pytest

from tests.docs.pages import ROOT

_TEST: Final = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z_0-9]+)`")
_SECTION: Final = (ROOT / "README.md").read_text().split("## What is promised")[1].split("\n## ")[0]
_ROWS: Final = [line for line in _SECTION.splitlines() if line.startswith("|")][2:]


def test_there_are_promises() -> None:
    assert len(_ROWS) > 15


@pytest.mark.parametrize("row", _ROWS, ids=range(len(_ROWS)))
def test_a_promise_names_tests_that_exist(row: str) -> None:
    promise, held_by = (cell.strip() for cell in row.strip("|").split("|"))
    assert promise.endswith(".")
    named = _TEST.findall(held_by)
    assert len(named) == held_by.count("::") > 0, held_by
    for path, name in named:
        assert name in _tests_in(path), f"{path} has no {name}"


def _tests_in(path: str) -> set[str]:
    tree = ast.walk(ast.parse((ROOT / path).read_text()))
    return {node.name for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
