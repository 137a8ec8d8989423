"""Agents that know their own Restate: its calls pass, and nobody else's do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from embedded.ports import free_ports
from embedded.restate import EmbeddedRestate, identity
from embedded.settings import from_environment
from restate_bridge.identity import ensure_identity, public_identity_key
from tests.agents.engine.house import HTTP, House
from tests.agents.engine.opening import open_house
from tests.agents.stand_in_inbox import wait_for


@dataclass(frozen=True)
class Guarded:
    """A house whose agents know two keys: that of its Restate, and the one that it has next.

    Attributes:
        own, next, unknown: what gives a Restate the first of these keys, the second, or one that no agent knows.
    """

    house: House
    own: dict[str, str]
    next: dict[str, str]
    unknown: dict[str, str]

    @property
    def keys_file(self) -> Path:
        """The file of the keys that the agents know."""
        return self.house.ledger_file.with_name("identity_keys")

    @property
    def address(self) -> str:
        """Where the agents listen, as Restate knows it."""
        [deployment] = HTTP.get(f"{self.house.admin_url}/deployments").json()["deployments"]
        return str(deployment["uri"]).rstrip("/")


def _identity(folder: Path, keys_file: Path) -> dict[str, str]:
    """Return what gives a Restate a key, and see that those know it who read the file."""
    (folder / "secrets").mkdir(parents=True)
    ensure_identity(folder / "secrets" / "identity_key.pem", keys_file)
    return identity(from_environment({"VAR_DIR": str(folder)}))


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Agents that know two keys, and their Restate, which has the first."""
    folder = tmp_path_factory.mktemp("guarded")
    known = folder / "identity_keys"
    own, following = (_identity(folder / name, known) for name in ("own", "next"))
    unknown = _identity(folder / "unknown", folder / "keys_that_nobody_reads")
    with open_house(folder, {"AGENTS_IDENTITY_KEYS_FILE": str(known), **own}, trial=False) as house:
        yield Guarded(house, own, following, unknown)


@contextmanager
def another_restate(folder: Path, env: dict[str, str]) -> Iterator[EmbeddedRestate]:
    """A Restate beside the house's."""
    ingress, admin, node = free_ports(3)
    with EmbeddedRestate(folder / "another", ingress, admin, node, env) as server:
        yield server


def _register(restate: EmbeddedRestate, uri: str) -> httpx.Response:
    return HTTP.post(f"{restate.admin_url}/deployments", json={"uri": uri})


def _ask(house: House, restate: EmbeddedRestate) -> str:
    """Ask for the weather through a Restate and return the answer."""
    there = replace(house, ingress_url=restate.ingress_url, admin_url=restate.admin_url)
    return there.ask("What is the weather like in Lisbon?", service="Weather").answer()


def test_calls_of_their_own_restate_pass(guarded: Guarded) -> None:
    assert "Lisbon" in guarded.house.ask("What is the weather like in Lisbon?", service="Weather").answer()
    assert "calls are accepted when Restate has signed them" in guarded.house.agents.log
    assert all(key in guarded.house.agents.log for key in guarded.keys_file.read_text().split())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/invoke/Claims/ask"),
        ("POST", "/invoke/Weather/history"),
        ("GET", "/discover"),
        ("POST", "/invoke/Claims/health"),
        ("GET", "/anything"),
    ],
)
def test_what_nobody_signed_is_refused(guarded: Guarded, method: str, path: str) -> None:
    answer = HTTP.request(method, guarded.address + path, content=b"" if method == "GET" else b"{}")
    assert (answer.status_code, answer.content) == (401, b"")


def test_whether_they_are_there_is_told_to_everybody(guarded: Guarded) -> None:
    assert HTTP.get(f"{guarded.address}/health").json() == {"status": "ok"}


def test_another_restate_cannot_have_them(guarded: Guarded, tmp_path: Path) -> None:
    with another_restate(tmp_path, guarded.unknown) as signing, another_restate(tmp_path / "2", {}) as silent:
        for restate in (signing, silent):
            refusal = _register(restate, guarded.address)
            assert refusal.status_code == 500
            assert "401 Unauthorized" in refusal.json()["message"]


def test_a_run_of_a_restate_whose_key_is_taken_away_is_refused_and_goes_on_once_they_know_it_again(
    guarded: Guarded, tmp_path: Path
) -> None:
    [port] = free_ports(1)
    keys_file = tmp_path / "keys"
    key_file = Path(next(iter(guarded.unknown.values())))
    agents = guarded.house.agents.beside(port, AGENTS_IDENTITY_KEYS_FILE=str(keys_file))

    def start(knowing: str) -> None:
        agents.stop()
        keys_file.write_text(knowing)
        agents.start()

    known = guarded.keys_file.read_text()
    both = known + public_identity_key(key_file.read_text())
    with another_restate(tmp_path, guarded.unknown) as restate:
        try:
            start(both)
            _register(restate, f"http://127.0.0.1:{port}").raise_for_status()
            start(known)
            there = replace(guarded.house, ingress_url=restate.ingress_url, admin_url=restate.admin_url)
            turn = there.ask("What is the weather like in Lisbon?", service="Weather")
            failures = f"SELECT event_json FROM sys_journal_events WHERE id = '{turn.invocation_id}'"  # noqa: S608
            wait_for(lambda: "401 Unauthorized" in str(there.query(failures)), "the run to be refused")
            start(both)
            assert "Lisbon" in turn.answer()
        finally:
            agents.stop()


def test_both_keys_of_a_rotation_count_until_the_old_one_is_taken_away(guarded: Guarded, tmp_path: Path) -> None:
    [port] = free_ports(1)
    keys_file = tmp_path / "keys"
    keys_file.write_text(guarded.keys_file.read_text().split()[1])
    rotated = guarded.house.agents.beside(port, AGENTS_IDENTITY_KEYS_FILE=str(keys_file))
    with another_restate(tmp_path, guarded.next) as next_one, another_restate(tmp_path / "2", guarded.own) as old_one:
        for restate in (next_one, old_one):
            _register(restate, guarded.address).raise_for_status()
            assert "Lisbon" in _ask(guarded.house, restate)
        rotated.start()
        try:
            assert _register(next_one, f"http://127.0.0.1:{port}").status_code == 201
            assert "401 Unauthorized" in _register(old_one, f"http://127.0.0.1:{port}").text
        finally:
            rotated.stop()


def test_agents_with_a_bad_file_of_keys_do_not_start_and_say_where_it_is_wrong(
    guarded: Guarded, tmp_path: Path
) -> None:
    keys_file = tmp_path / "keys"
    keys_file.write_text(f"{guarded.keys_file.read_text()}publickeyv1_garbled\n")
    agents = guarded.house.agents.beside(free_ports(1)[0], AGENTS_IDENTITY_KEYS_FILE=str(keys_file))
    agents.launch()
    assert agents.ended() == 2
    assert f"The agents can't start: AGENTS_IDENTITY_KEYS_FILE: {keys_file}, line 3: " in agents.log
