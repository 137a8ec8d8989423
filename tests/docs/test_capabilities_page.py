"""docs/capabilities.md has every row, and names tests, pages and targets that are there."""

import ast
import re
from typing import Final

import pytest
from django.urls import Resolver404, resolve

from agents.service import SERVICES
from operations.rules.control import Verb
from tests.docs.capabilities import PAGE, Row, capabilities, samples
from tests.docs.pages import ROOT

_NAMES: Final = [
    "Durable tool execution",
    "Human in the loop",
    "Persistent sessions",
    "Durable model calls",
    "Multi-agent communication",
    "Parallel execution",
    "Durable execution",
    "Pause and resume",
    "Durable state",
    "Observability and control",
    "Multi-agent orchestration",
    "Safe versioning",
]
_ROWS: Final = capabilities()
_TEST: Final = re.compile(r"`(tests/[\w/]+\.py)::((?:\w+::)?test_\w+)`")
_ADDRESS: Final = re.compile(r"`(/[^`\s]*)`")
_TARGET: Final = re.compile(r"`make ([^`\s]+)[^`]*`")

every_row = pytest.mark.parametrize("row", _ROWS, ids=[row.name for row in _ROWS])


def test_every_capability_and_every_use_case_has_a_row() -> None:
    assert [row.name for row in _ROWS] == _NAMES


@every_row
def test_a_row_says_what_it_means_and_where_to_see_it(row: Row) -> None:
    assert row.meaning.endswith(".")
    assert _ADDRESS.search(row.shown) or _TARGET.search(row.shown)


@every_row
def test_a_row_is_held_by_tests_and_by_nothing_else(row: Row) -> None:
    lines = row.held.splitlines()
    assert [line for line in lines if not _TEST.fullmatch(line.removeprefix("- "))] == []


def test_every_test_that_is_named_exists() -> None:
    named = _TEST.findall(PAGE)
    assert len(named) == PAGE.count("::test_"), "some name is not written as a test's is"
    assert [f"{path}::{name}" for path, name in named if name not in _tests_in(path)] == []


def test_every_page_that_is_named_has_a_route() -> None:
    # A placeholder stands for an id of whatever kind: digits fit each.
    named = {re.sub(r"\{\w+\}", "1", address).partition("?")[0] for address in _ADDRESS.findall(PAGE)}
    assert [address for address in sorted(named) if not _has_a_route(address)] == []


def test_every_target_that_is_named_can_be_made() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(_TARGET.findall(PAGE)) - set(targets) == set()


def test_every_sample_has_a_message() -> None:
    assert list(dict.fromkeys(sample.service for sample in samples())) == [service.name for service in SERVICES]


def test_every_sample_says_what_it_answers_in_the_end() -> None:
    assert [sample.message for sample in samples() if not sample.answer] == []


def _has_a_route(address: str) -> bool:
    try:
        found = resolve(address)
    except Resolver404:
        return False
    # A run's page has a route for whatever word comes last.
    return found.url_name != "steer" or found.kwargs["verb"] in list(Verb)


def _tests_in(path: str) -> set[str]:
    """Return the tests of a file, those of a class with its name before; none where there is no such file."""
    file = ROOT / path
    body = ast.parse(file.read_text()).body if file.exists() else []
    classes = {f"{node.name}::": node.body for node in body if isinstance(node, ast.ClassDef)}
    return {
        f"{within}{node.name}"
        for within, nodes in ({"": body} | classes).items()
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
