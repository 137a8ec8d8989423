"""The house: imports run one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What each part may import of the others. `embedded` starts processes and may use the bridge; nothing imports it.
MAY_IMPORT = {
    "restate_bridge": set(),
    "approvals": {"restate_bridge"},
    "operations": {"restate_bridge", "approvals"},
    "config": {"restate_bridge", "approvals", "operations"},
    "agents": {"restate_bridge.contract"},
    "embedded": {"restate_bridge"},
}
FOREIGN = {
    "restate_bridge": {"django", "google", "restate", "ninja", "channels"},
    "agents": {"django", "channels", "ninja"},
    "approvals": {"google", "restate"},
    "operations": {"google", "restate"},
}


def imports_of(part: str) -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((path.relative_to(ROOT), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: a relative import"
                yield path.relative_to(ROOT), node.module or ""


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_a_part_imports_only_what_stands_below_it(part: str) -> None:
    others = set(MAY_IMPORT) - {part}
    wrong = [
        f"{path} imports {module}"
        for path, module in imports_of(part)
        if any(within(module, other) for other in others)
        and not any(within(module, allowed) for allowed in MAY_IMPORT[part])
    ]
    assert wrong == []


def test_the_library_for_agents_stands_on_its_own() -> None:
    wrong = [
        f"{path} imports {module}"
        for path, module in imports_of("agents/approval")
        if within(module, "agents") and not within(module, "agents.approval")
    ]
    assert wrong == []


@pytest.mark.parametrize("part", FOREIGN)
def test_a_part_keeps_to_its_own_libraries(part: str) -> None:
    wrong = [
        f"{path} imports {module}"
        for path, module in imports_of(part)
        if any(within(module, library) for library in FOREIGN[part])
    ]
    assert wrong == []


def test_the_contract_needs_nothing_else_of_the_bridge() -> None:
    wrong = [
        f"{path} imports {module}"
        for path, module in imports_of("restate_bridge/contract")
        if (
            within(module, "restate_bridge")
            # The contract and the ids are values; all the rest speaks to the engine.
            and not within(module, "restate_bridge.contract")
            and not within(module, "restate_bridge.ids")
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("part", ["approvals", "operations"])
def test_pure_rules_know_neither_the_orm_nor_a_clock(part: str) -> None:
    wrong = [
        f"{path} imports {module}"
        for path, module in imports_of(f"{part}/rules")
        if within(module, "django") or module in {"time", "datetime"}
    ]
    assert wrong == []


ROOMS_BELOW = [
    *(f"approvals/{room}" for room in ("models", "rules", "selectors", "services", "courier")),
    *(f"operations/{room}" for room in ("models", "rules", "selectors", "services")),
]


@pytest.mark.parametrize("room", ROOMS_BELOW)
def test_how_things_are_shown_is_no_matter_of_the_rooms_below_the_pages(room: str) -> None:
    rooms = ("presentation", "views", "templatetags", "forms")
    above = [f"{part}.{room}" for part in ("approvals", "operations") for room in rooms]
    wrong = [
        f"{path} imports {module}" for path, module in imports_of(room) if any(within(module, page) for page in above)
    ]
    assert wrong == []


@pytest.mark.parametrize("part", ["approvals", "operations"])
def test_only_verbs_and_commands_open_transactions(part: str) -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / part).rglob("*.py"))
        if not {"services", "commands"} & {*path.parts}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.db"
        and "transaction" in [alias.name for alias in node.names]
    ]
    assert wrong == []


@pytest.mark.parametrize("verbs", ["approvals/services"])
def test_no_transaction_calls_restate(verbs: str) -> None:
    wrong = [
        f"{path} imports {module}"
        for path, module in imports_of(verbs)
        if (
            within(module, "restate_bridge")
            # The contract and the ids are values; all the rest speaks to the engine.
            and not within(module, "restate_bridge.contract")
            and not within(module, "restate_bridge.ids")
        )
        or within(module, "approvals.engine")
        or within(module, "httpx")
    ]
    assert wrong == []
