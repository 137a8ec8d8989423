"""The courier as a process."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connection

from approvals.models import AgentService, Delivery
from approvals.services.decide import approve_request
from embedded.settings import ROOT
from tests.announcing import announce
from tests.house.house import eventually
from tests.house.processes import plain_environment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def black_hole() -> Iterator[str]:
    """The address of an engine that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def courier(black_hole: str) -> Iterator[subprocess.Popen[bytes]]:
    """A courier, sent to such an engine."""
    at = connection.settings_dict
    where = {name: at[name.upper()] for name in ("user", "password", "host", "port")}
    url = "postgresql://{user}:{password}@{host}:{port}/".format(**where) + str(at["NAME"])
    here = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "RESTATE_INGRESS_URL": black_hole,
        "RESTATE_ADMIN_URL": black_hole,
    }
    command = [sys.executable, "manage.py", "courier"]
    with subprocess.Popen(command, cwd=ROOT, env=plain_environment() | here) as process:
        yield process
        process.kill()


def test_it_stops_within_two_seconds_though_the_engine_does_not_answer(
    courier: subprocess.Popen[bytes], agent_service: AgentService, reviewer: User
) -> None:
    for _ in range(3):
        request = announce(agent_service)
        approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    eventually(lambda: Delivery.objects.filter(claimed_at__isnull=False).count() == 3)
    courier.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert courier.wait(10) == 0
    # Two seconds by itself; the call that hangs would take five.
    assert time.monotonic() - began < 4
