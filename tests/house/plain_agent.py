"""An agent beside the house's own, with no line of ours in it (see `tests.engine.plain_agent`)."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from embedded.ports import free_ports, listens
from tests.house.house import House, eventually
from tests.house.processes import Program, plain_environment


@dataclass(frozen=True)
class PlainAgent:
    """The agent's process, while it runs."""

    house: House
    program: Program

    def ask(self, city: str) -> str:
        """Ask it to book a hotel, and return the run's id once that waits for somebody."""
        url = f"{self.house.env['RESTATE_INGRESS_URL']}/Desk/desk-{secrets.token_hex(4)}/ask/send"
        run = str(httpx.post(url, json=city, trust_env=False).raise_for_status().json()["invocationId"])
        waits = "SELECT suspended_waiting_for_signals AS signals FROM sys_invocation WHERE id = '{}'"
        eventually(lambda: 17 in (self.house.admin.query(waits.format(run))[0].get("signals") or ()), what="the wait")
        return run

    def answer(self, run: str) -> Any:
        """Wait for the run's end and return what the agent answered."""
        url = f"{self.house.env['RESTATE_INGRESS_URL']}/restate/invocation/{run}/attach"
        return httpx.get(url, trust_env=False, timeout=30).raise_for_status().json()


@contextmanager
def plain_agent(house: House) -> Iterator[PlainAgent]:
    """Have the agent running, known to the house's Restate. What waits goes on waiting when it has stopped."""
    (port,) = free_ports(1)
    command = ["-m", "tests.engine.plain_agent", str(port)]
    with Program("plain agent", command, plain_environment(), lambda: listens(port)) as program:
        house.admin.register_deployment(f"http://127.0.0.1:{port}")
        yield PlainAgent(house, program)
