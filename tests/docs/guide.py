"""docs/agents.md as a reader takes it: its examples, and what each of them offers."""

import ast
from typing import Any, Final

from tests.docs.pages import ROOT, Block, blocks

EXAMPLES: Final = blocks(ROOT / "docs" / "agents.md", "python")


def run(block: Block) -> dict[str, Any]:
    """Run a block as a module of its own and return what it defines."""
    namespace: dict[str, Any] = {"__name__": "example"}
    exec(compile("\n" * block.line + block.text, str(block.page), "exec"), namespace)  # noqa: S102 - our own words
    return namespace


def offered(block: Block) -> list[str]:
    """Return what an example is there for: the names that it defines, and uses for nothing else of its own."""
    body = ast.parse(block.text).body
    used = {name for node in body for name in _used_by(node) - {*_defined_by(node)}}
    return [name for node in body for name in _defined_by(node) if name not in used]


def _defined_by(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
        case ast.Import() | ast.ImportFrom():
            return []
    raise AssertionError(f"an example defines things, and does nothing else: {ast.unparse(node)}")


def _used_by(node: ast.stmt) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)}


def example(name: str) -> dict[str, Any]:
    """Return all that the example defines that offers ``name``, run anew."""
    [block] = [block for block in EXAMPLES if name in offered(block)]
    return run(block)
