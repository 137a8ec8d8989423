"""The engine as a fixture."""

from collections.abc import Iterator

import pytest

from embedded.ports import free_ports, listens
from embedded.restate import EmbeddedRestate
from restate_bridge.admin import Admin
from restate_bridge.ingress import Ingress
from tests.engine.engine import Engine
from tests.house.processes import Program, plain_environment


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Restate server for the session, with the waiting service."""
    ingress_port, admin_port, node_port, service_port = free_ports(4)
    command = ["-m", "tests.engine.waiting_service", str(service_port)]
    service = Program("waiting service", command, plain_environment(), lambda: listens(service_port))
    base_dir = tmp_path_factory.mktemp("restate")
    with EmbeddedRestate(base_dir, ingress_port, admin_port, node_port) as server, service:
        admin = Admin(server.admin_url)
        admin.register_deployment(f"http://127.0.0.1:{service_port}")
        yield Engine(server, admin, Ingress(server.ingress_url))
