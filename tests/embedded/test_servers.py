"""PostgreSQL and Restate from their packages: they start, survive kill -9, and live side by side."""

from pathlib import Path

import httpx
import psycopg
import pytest

from embedded.errors import SetupError
from embedded.ports import free_ports
from embedded.postgres import EmbeddedPostgres
from embedded.restate import EmbeddedRestate


def restate(folder: Path) -> EmbeddedRestate:
    ingress, admin, node = free_ports(3)
    return EmbeddedRestate(folder, ingress, admin, node)


def test_postgres_survives_kill_9_with_its_rows(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "data", free_ports(1)[0]) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 100)")
        server.kill()
        server.restart()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (100,)


def test_two_postgres_servers_run_side_by_side_and_each_wants_its_own_password(tmp_path: Path) -> None:
    first_port, second_port = free_ports(2)
    with (
        EmbeddedPostgres(tmp_path / "first", first_port, "one") as first,
        EmbeddedPostgres(tmp_path / "second", second_port, "two") as second,
    ):
        assert first.ready()
        assert second.ready()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(second.url.replace("two", "one"))


def test_postgres_is_durable_and_its_role_is_no_superuser(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "data", free_ports(1)[0]) as server, psycopg.connect(server.url) as connection:
        names = "fsync", "synchronous_commit", "server_encoding", "is_superuser", "listen_addresses"
        found = [connection.execute(f"SHOW {name}").fetchone() for name in names]
    assert found == [("on",), ("on",), ("UTF8",), ("off",), ("127.0.0.1",)]


def test_a_data_folder_that_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "PG_VERSION").write_text("18")
    with EmbeddedPostgres(tmp_path / "data", free_ports(1)[0]) as server:
        assert server.ready()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "first", free_ports(1)[0]) as first:
        second = EmbeddedPostgres(tmp_path / "second", first.port, "another")
        with pytest.raises(
            SetupError, match=r"(?s)PostgreSQL did not start: it ended with status 1\. .*could not bind"
        ):
            second.start()


def test_two_restate_servers_run_side_by_side_on_loopback_with_pausable_runs(tmp_path: Path) -> None:
    with restate(tmp_path / "first") as first, restate(tmp_path / "second") as second:
        for server in (first, second):
            assert server.ready()
            version = httpx.get(f"{server.admin_url}/version", trust_env=False).json()
            assert version["features"]["protocol_v7"]
            assert version["features"]["vqueues"]


def test_restate_comes_back_after_kill_9_with_its_features(tmp_path: Path) -> None:
    with restate(tmp_path) as server:
        server.kill()
        assert not server.ready()
        server.restart()
        assert httpx.get(f"{server.admin_url}/version", trust_env=False).json()["features"]["vqueues"]
