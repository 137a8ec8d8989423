"""Ports and folders from the environment: what is wrong is said in one sentence."""

import socket
import stat
from pathlib import Path

import pytest

from embedded.environment import environment
from embedded.errors import SetupError
from embedded.ports import check_free, free_ports
from embedded.settings import LONGEST_SOCKET_PATH, from_environment, socket_path


def test_defaults_need_no_environment() -> None:
    settings = from_environment({})
    assert settings.port("WEB_PORT") == 8000
    assert settings.port("POSTGRES_PORT") != 5432


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "80 80", "8080.0", "²"])
def test_a_bad_port_is_named_with_its_variable(value: str) -> None:
    with pytest.raises(SetupError, match="WEB_PORT is"):
        from_environment({"WEB_PORT": value})


def test_a_port_that_is_given_twice_names_both_variables() -> None:
    with pytest.raises(SetupError, match="WEB_PORT and AGENTS_PORT are both 9080"):
        from_environment({"WEB_PORT": "9080"})


def test_a_taken_port_is_named_with_its_holder_and_the_variable_that_moves_it() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(SetupError, match=rf"Port {port} is taken.*WEB_PORT=") as caught:
            check_free({"WEB_PORT": port})
    assert "\n" not in str(caught.value)


def test_free_ports_differ_and_are_free() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    check_free({f"PORT_{port}": port for port in ports})


def test_a_database_of_the_users_own_is_used_and_its_port_is_not_checked(tmp_path: Path) -> None:
    url = "postgresql://me:secret@db.example.org/inbox"
    settings = from_environment({"DATABASE_URL": url, "VAR_DIR": str(tmp_path)})
    assert environment(settings)["DATABASE_URL"] == url
    assert "POSTGRES_PORT" not in settings.used_ports()


def test_our_processes_may_write_byte_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in environment(from_environment({"VAR_DIR": str(tmp_path)}))


def test_a_short_socket_path_stays_in_the_data_folder() -> None:
    assert socket_path(Path("/srv/var")) == Path("/srv/var/supervisor.sock")


def test_a_long_socket_path_falls_back_to_a_short_private_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first, second = socket_path(Path("/" + "x" * 100)), socket_path(Path("/" + "y" * 100))
    assert len(str(first)) - len(str(tmp_path)) < LONGEST_SOCKET_PATH / 2
    assert first != second
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700


def test_a_private_folder_that_others_can_enter_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    socket_path(Path("/" + "x" * 100)).parent.chmod(0o755)
    with pytest.raises(SetupError, match="does not belong to you alone"):
        socket_path(Path("/" + "x" * 100))
