"""From a request's announcement to every open page, against the smallest program that tells as many sockets.

Requests are announced through the intake API, one after the other; the clock runs from just before the call until a
page's socket hears ``{"changed": <id>}``. Every reviewer has a session of their own, and all sockets are held by one
process of their own. One more socket never reads, and some belong to people of another group, who must hear nothing.
The smallest program gets a line and writes it to as many sockets; it asks no database and nobody's permission.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from pydantic import JsonValue

from bench.figures import percentile
from embedded.ports import free_ports, listens
from restate_bridge.contract import Announcement, digest_of
from restate_bridge.ids import awakeable_id
from tests.house.house import House, eventually
from tests.house.processes import run_once

_WARM_UP: Final = 5
# Seconds between two announcements: what one does is over before the next.
_REST: Final = 0.2
_OUTSIDERS: Final = 10
# People with sessions, without five hundred sign-ins whose password hashes are slow by design.
_SIGN_IN: Final = """
import json, sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
crowds = json.load(sys.stdin)
for name, size in crowds["groups"].items():
    group, _ = Group.objects.get_or_create(name=name)
    for number in range(size):
        user = User.objects.create(username=f"{name}-{number}")
        user.groups.add(group)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session.save()
        with open(crowds["file"], "a") as file:
            file.write(f"{name} {session.session_key}\\n")
"""

#: By kind of page: which page heard of which request, and when.
type Heard = dict[str, list[tuple[int, int, float]]]


def measure(clients: int, announcements: int, results: Path) -> None:
    """Tell ``clients`` pages of ``announcements`` requests; print the figures and write them to ``results`` (JSON)."""
    with tempfile.TemporaryDirectory() as name:
        inbox = _inbox(Path(name), clients, announcements + _WARM_UP)
    smallest = _smallest(clients, announcements + _WARM_UP)
    figures = _figures(clients, inbox, smallest)
    results.write_text(json.dumps(figures, indent=2) + "\n")
    print(
        f"a new request to {clients} pages: p50 {figures['p50_ms']} ms, p99 {figures['p99_ms']} ms; "
        f"smallest broadcast p99 {figures['smallest_p99_ms']} ms, ratio {figures['p99_ratio']}"
    )


def _inbox(folder: Path, clients: int, count: int) -> list[float]:
    """Return how long each page waited for each announcement, in milliseconds, without the first few."""
    with House(folder) as house:
        sessions = folder / "sessions"
        crowds = {"groups": {"finance": clients + 1, "outsiders": _OUTSIDERS}, "file": str(sessions)}
        run_once(["manage.py", "shell", "-c", _SIGN_IN], house.env, stdin=json.dumps(crowds))
        keys: dict[str, list[str]] = {}
        for line in sessions.read_text().splitlines():
            group, key = line.split()
            keys.setdefault(group, []).append(key)
        deaf, *reading = keys["finance"]
        port = urlsplit(house.url).port
        told = {"port": port, "readers": reading, "outsiders": keys["outsiders"], "deaf": [deaf]}
        with _pages("websocket", told) as hang_up:
            # What the sockets missed before they were open they have been told by now.
            time.sleep(1)
            with httpx.Client(base_url=house.url, trust_env=False) as agent:
                agent.headers["authorization"] = f"Bearer {house.env['COUNTERSIGN_AGENT_TOKEN']}"
                sent = dict(_announce(agent, number) for number in range(count))
            heard = hang_up()
    return _waits(sent, heard, clients)


def _announce(agent: httpx.Client, number: int) -> tuple[int, float]:
    run = f"inv_1{number:033d}"
    arguments: dict[str, JsonValue] = {"number": number}
    body = Announcement.model_validate(
        {
            "kind": "approval",
            "title": f"Request {number}",
            "agent": "bench",
            "tool": "act",
            "arguments": arguments,
            "digest": digest_of("act", arguments),
            "groups": ["finance"],
            "run": {"invocation_id": run, "service": "Bench", "handler": "ask", "key": "k", "session_id": "k"},
        }
    )
    time.sleep(_REST)
    started = time.time()
    answer = agent.put(
        f"/api/requests/{awakeable_id(run)}",
        content=body.model_dump_json(),
        headers={"content-type": "application/json"},
    )
    answer.raise_for_status()
    return int(answer.json()["request_id"]), started


def _smallest(clients: int, count: int) -> list[float]:
    """Return the same for a program that does nothing but write to all sockets."""
    (port,) = free_ports(1)
    server = subprocess.Popen([sys.executable, "-m", "bench.broadcast", str(port)])
    try:
        eventually(lambda: listens(port))
        told = {"port": port, "readers": [""] * clients, "outsiders": [], "deaf": [""]}
        with _pages("line", told) as hang_up, httpx.Client(trust_env=False) as agent:
            sent = {}
            for number in range(count):
                time.sleep(_REST)
                sent[number] = time.time()
                agent.put(f"http://127.0.0.1:{port}/{number}").raise_for_status()
            heard = hang_up()
    finally:
        server.kill()
        server.wait()
    return _waits(sent, heard, clients)


@contextmanager
def _pages(kind: str, told: dict[str, Any]) -> Iterator[Callable[[], Heard]]:
    """Open all sockets in a process of their own; yield what closes them and returns what they heard."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.live_pages", kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    stdin, stdout = process.stdin, process.stdout

    def hang_up() -> Heard:
        time.sleep(2)
        stdin.write("over\n")
        stdin.flush()
        heard: Heard = json.loads(stdout.readline())
        return heard

    try:
        stdin.write(json.dumps(told) + "\n")
        stdin.flush()
        assert stdout.readline() == "open\n", "the sockets could not be opened"
        yield hang_up
    finally:
        process.kill()
        process.wait()


def _waits(sent: dict[int, float], heard: Heard, clients: int) -> list[float]:
    assert heard["outsiders"] == [], "somebody heard of what they may not see"
    first: dict[tuple[int, int], float] = {}
    for page, told, at in heard["readers"]:
        first.setdefault((page, told), at)
    counted = list(sent)[_WARM_UP:]
    missed = sum((page, told) not in first for page in range(clients) for told in counted)
    assert not missed, f"{missed} messages never arrived"
    return [(first[page, told] - sent[told]) * 1000 for page in range(clients) for told in counted]


def _figures(clients: int, inbox: list[float], smallest: list[float]) -> dict[str, float | int]:
    return {
        "clients": clients,
        "announcements": len(inbox) // clients,
        "p50_ms": round(statistics.median(inbox), 2),
        "p99_ms": round(percentile(inbox, 99), 2),
        "slowest_ms": round(max(inbox), 2),
        "smallest_p50_ms": round(statistics.median(smallest), 2),
        "smallest_p99_ms": round(percentile(smallest, 99), 2),
        "p50_ratio": round(statistics.median(inbox) / statistics.median(smallest), 2),
        "p99_ratio": round(percentile(inbox, 99) / percentile(smallest, 99), 2),
    }
