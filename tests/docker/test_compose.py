"""The compose file and the image name only what exists."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from embedded.restate import identity
from embedded.settings import from_environment
from tests.docs.pages import ROOT, rows

_DOCKER: Final = ROOT / "docker"
_COMPOSE: Final[dict[str, Any]] = yaml.safe_load((_DOCKER / "compose.yaml").read_text())
_SERVICES: Final[dict[str, Any]] = _COMPOSE["services"]
_OURS: Final = [name for name, service in _SERVICES.items() if service["image"] == "countersign"]
_KNOWN: Final = {cells[0].strip("`") for cells in rows((ROOT / "docs" / "settings.md").read_text())}
_USED: Final = re.compile(r"\$\{(\w+)")


@pytest.mark.parametrize("name", _OURS)
def test_a_service_gets_only_variables_that_the_settings_page_explains(name: str) -> None:
    assert set(_SERVICES[name].get("environment", {})) - _KNOWN == set()


def test_every_process_has_its_service() -> None:
    assert {"postgres", "restate", "migrate", "web", "courier", "agents"} <= set(_SERVICES)


def test_every_value_that_is_filled_in_stands_in_the_example() -> None:
    filled_in = set(_USED.findall((_DOCKER / "compose.yaml").read_text()))
    assert filled_in == {line.split("=")[0] for line in _example_lines()}


def test_the_example_holds_no_secrets() -> None:
    secret = ("KEY", "PASSWORD", "TOKEN")
    values = dict(line.split("=", 1) for line in _example_lines())
    assert [name for name, value in values.items() if name.endswith(secret) and value] == []


def test_restate_and_the_database_stand_on_internal_networks_and_publish_nothing() -> None:
    internal = {name for name, network in _COMPOSE["networks"].items() if network.get("internal")}
    for name in ("restate", "postgres"):
        assert "ports" not in _SERVICES[name]
        assert set(_SERVICES[name]["networks"]) <= internal


def test_only_the_courier_holds_the_signing_key_and_agents_never_reach_the_database() -> None:
    assert [name for name in _OURS if "signing_key" in _SERVICES[name].get("secrets", [])] == ["courier"]
    assert "database" not in _SERVICES["agents"]["networks"]


def test_who_seals_has_the_same_file_of_keys() -> None:
    sealed = yaml.safe_load((_DOCKER / "compose.sealed.yaml").read_text())
    assert set(sealed["services"]) == {"web", "courier", "agents"}
    [file] = {service["environment"]["COUNTERSIGN_JOURNAL_KEYS_FILE"] for service in sealed["services"].values()}
    assert file == "/run/secrets/journal_keys"
    for name, service in sealed["services"].items():
        assert set(_SERVICES[name].get("secrets", [])) < set(service["secrets"])
        assert "journal_keys" in service["secrets"]
    assert set(sealed["secrets"]) == {"journal_keys"}


def test_agents_accept_the_calls_of_this_restate_alone_and_it_alone_can_read_its_key() -> None:
    maker, engine, agents = (_SERVICES[name] for name in ("identity", "restate", "agents"))
    *program, key_file, keys_file = maker["command"]
    assert program == ["python", "-m", "restate_bridge.identity"]
    [variable] = identity(from_environment({}))
    assert _in_volume(engine, engine["environment"][variable]) == _in_volume(maker, key_file)
    assert _in_volume(agents, agents["environment"]["AGENTS_IDENTITY_KEYS_FILE"]) == _in_volume(maker, keys_file)
    volume, _ = _in_volume(maker, key_file)
    assert {name for name in _SERVICES if volume in _volumes(_SERVICES[name]).values()} == {"identity", "restate"}
    for service in (engine, agents):
        assert service["depends_on"]["identity"] == {"condition": "service_completed_successfully"}


def test_the_maker_of_the_identity_may_write_to_its_volumes() -> None:
    # A new volume takes its owner from the folder of the image that it is mounted over.
    made = re.findall(r"install -d -o countersign -g countersign (.+)", (_DOCKER / "Dockerfile").read_text())
    assert set(_volumes(_SERVICES["identity"])) <= {path for line in made for path in line.split()}


def test_the_restate_pages_open_on_loopback_only() -> None:
    override = yaml.safe_load((_DOCKER / "compose.restate-ui.yaml").read_text())
    assert all(port.startswith("127.0.0.1:") for port in override["services"]["restate"]["ports"])
    assert set(override["services"]) <= set(_SERVICES)


def test_the_image_copies_only_what_exists_and_what_is_sent_to_the_builder() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (_DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    paths = {path for line in copied for path in line.split()}
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert paths == sent
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_dockerfile_is_clean() -> None:
    hadolint = shutil.which("hadolint") or shutil.which("hadolint", path=str(ROOT / ".venv" / "bin"))
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    result = subprocess.run([hadolint, str(_DOCKER / "Dockerfile")], text=True, capture_output=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def _volumes(service: dict[str, Any]) -> dict[str, str]:
    """Return the volumes of a service by the folders where it finds them."""
    return {folder: volume for volume, folder, *_ in (line.split(":") for line in service.get("volumes", []))}


def _in_volume(service: dict[str, Any], path: str) -> tuple[str, str]:
    """Return the volume that a service finds a file in, and the file's name there."""
    folder, _, name = path.rpartition("/")
    return _volumes(service)[folder], name


def _example_lines() -> list[str]:
    lines = Path(_DOCKER / ".env.example").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]
