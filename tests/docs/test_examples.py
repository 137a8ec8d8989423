"""The python blocks of the documentation run, and what they define works."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from google.adk.agents import LlmAgent
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.function_tool import FunctionTool
from restate.handler import RESTATE_UNIQUE_HANDLER_SYMBOL

from agents.approval.policy import Policy
from tests.docs.guide import run
from tests.docs.pages import PAGES, ROOT, Block, blocks, rows

_EXAMPLES: Final = [block for page in PAGES for block in blocks(page, "python")]


@pytest.mark.parametrize("block", _EXAMPLES, ids=str)
def test_an_example_runs_and_its_tools_can_be_declared(block: Block) -> None:
    defined = run(block)
    tools = [tool for agent in defined.values() if isinstance(agent, LlmAgent) for tool in agent.tools]
    wrappers = [value for value in defined.values() if hasattr(value, "__wrapped__")]
    gated = [value for value in wrappers if RESTATE_UNIQUE_HANDLER_SYMBOL not in vars(value)]
    for tool in [*tools, *gated]:
        declared = tool if isinstance(tool, BaseTool) else FunctionTool(tool)
        assert declared._get_declaration() is not None


def test_there_are_examples() -> None:
    assert {block.page.name for block in _EXAMPLES} == {"README.md", "README.ko.md", "agents.md"}


def test_every_parameter_of_the_gate_is_explained() -> None:
    explained = {cells[0].strip("`") for cells in rows((ROOT / "docs" / "agents.md").read_text())}
    assert set(Policy.__dataclass_fields__) <= explained


def test_the_readmes_own_tool_fits_in_ten_lines() -> None:
    [block] = blocks(ROOT / "README.md", "python")
    lines = [line for line in block.text.splitlines() if line and not line.startswith(("from ", "import "))]
    assert len(lines) <= 10


def test_the_examples_pass_the_strict_type_checker_too(tmp_path: Path) -> None:
    for number, block in enumerate(_EXAMPLES):
        (tmp_path / f"example_{number}.py").write_text(f"# {block}\n{block.text}")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
