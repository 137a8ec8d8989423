"""What the pages point at is there."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.docs.pages import PAGES, ROOT, prose, variables

_LINK: Final = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_TARGET: Final = re.compile(r"\bmake ([a-z][a-z-]*)\b")
_CODE: Final = re.compile(r"`([^`\n]+)`|^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PATH: Final = re.compile(r"(?:[a-z_.]+/)+(?:[A-Za-z_.-]+\.[a-z]+)?")
# Variables of programs that are not ours.
_FOREIGN: Final = {"SSL_CERT_FILE"}
# Folders that runs and people make.
_MADE: Final = ("var/", "docker/secrets/", "docker/.env", "node_modules/", "agents/refunds.py")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=_name)


@every_page
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = [first or second for first, second in _LINK.findall(prose(page))]
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not _leads(page, target)]
    assert missing == []


@every_page
def test_what_is_to_be_made_can_be_made(page: Path) -> None:
    makefile = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {target for code in _code(page) for target in _TARGET.findall(code)} <= makefile


@every_page
def test_the_variables_that_are_named_are_known_to_the_code(page: Path) -> None:
    assert variables(page.read_text()) - _FOREIGN - _in_the_code() == set()


@every_page
def test_the_files_and_folders_that_are_named_exist(page: Path) -> None:
    named = [code for code in _code(page) if _PATH.fullmatch(code) and not code.startswith(_MADE)]
    missing = [path for path in named if not (ROOT / path).exists() and not list(ROOT.glob(f"approvals/{path}"))]
    assert missing == []


@every_page
def test_lines_end_at_120_unless_they_are_a_table(page: Path) -> None:
    long = [line for line in page.read_text().splitlines() if len(line) > 120 and not line.startswith("|")]
    assert long == []


def _code(page: Path) -> list[str]:
    return [inline or block for inline, block in _CODE.findall(page.read_text())]


def _leads(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    file = page.parent / path if path else page
    return file.exists() and (not anchor or anchor in _anchors(file))


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _in_the_code() -> set[str]:
    folders = ("config", "approvals", "agents", "embedded", "tests", "docker")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]
    files = [file for file in files if "docs" not in file.parts]
    sources = [file for file in files if file.suffix in {".py", ".sh", ".conf", ".yaml", ".example", ""}]
    return {name for file in [*sources, ROOT / "Makefile"] for name in variables(file.read_text())}
