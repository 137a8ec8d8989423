"""The engine as a fixture."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from embedded.ports import free_ports, listens
from embedded.restate import EmbeddedRestate
from restate_bridge.admin import Admin
from restate_bridge.ingress import Ingress
from tests.engine.engine import Engine
from tests.house.processes import Program, plain_environment


@contextmanager
def engine_in(base_dir: Path, env: Mapping[str, str] | None = None) -> Iterator[Engine]:
    """A Restate server with the waiting service, set up as ``env`` says."""
    ingress_port, admin_port, node_port, service_port = free_ports(4)
    command = ["-m", "tests.engine.waiting_service", str(service_port)]
    service = Program("waiting service", command, plain_environment(), lambda: listens(service_port))
    with EmbeddedRestate(base_dir, ingress_port, admin_port, node_port, env) as server, service:
        admin = Admin(server.admin_url)
        admin.register_deployment(f"http://127.0.0.1:{service_port}")
        yield Engine(server, admin, Ingress(server.ingress_url))


@contextmanager
def newer_code(served: str, port: int = 0, *, signed_by: Path | None = None) -> Iterator[str]:
    """Code that no engine has been told of (see `tests.engine.newer_service`), and its address.

    Args:
        signed_by: a file of public keys; then it takes no calls but those that are signed with one of them.
    """
    port = port or free_ports(1)[0]
    command = ["-m", "tests.engine.newer_service", str(port), served, *([str(signed_by)] if signed_by else [])]
    with Program("newer service", command, plain_environment(), lambda: listens(port)):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine for the session, as the embedded default sets it up."""
    with engine_in(tmp_path_factory.mktemp("restate")) as engine:
        yield engine


@pytest.fixture
def fresh_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine for one test, which may change what code there is."""
    with engine_in(tmp_path / "restate") as engine:
        yield engine
