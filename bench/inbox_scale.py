"""A full inbox against a nearly empty one: the same lists, counts and searches, by the same people, in turns.

Both are databases of one PostgreSQL server, which starts for this and has the memory that docs/operations.md advises
for so many requests. What is measured is what a page asks its selectors: SQL and the ORM around it, without templates
and HTTP. The full one must answer by indexes alone.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import psycopg

from embedded.errors import SetupError
from embedded.ports import free_ports
from embedded.postgres import EmbeddedPostgres

_ROOT: Final = Path(__file__).resolve().parent.parent
_ROUNDS: Final = 3
_MEMORY: Final = {"shared_buffers": "2GB"}
_CHILD: Final = "from bench.inbox_measuring import main; main({requests:d}, {rounds:d}, {results!r})"


def measure(requests: int, results: Path) -> None:
    """Compare ``requests`` requests, one in ten pending, with 1,000; print the ratios and write all figures (JSON).

    Raises:
        SetupError: a plan reads a large table from end to end; names the questions and the tables.
    """
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # PostgreSQL's own account has to reach its folder
        with EmbeddedPostgres(Path(name) / "postgres", free_ports(1)[0], options=_MEMORY) as server:
            _prepare(server)
            child = _CHILD.format(requests=requests, rounds=_ROUNDS, results=str(results))
            subprocess.run(
                [sys.executable, "manage.py", "shell", "--no-imports", "-c", child],
                cwd=_ROOT,
                env=_environment(server),
                check=True,
            )
    figures = json.loads(results.read_text())
    ratios = ", ".join(f"{kind} {figures[f'{kind}_p95_ratio']}" for kind in ("list", "counts", "search"))
    print(f"the inbox at {requests} requests against 1000, ratios of p95: {ratios}")
    if figures["read_whole"]:
        raise SetupError(f"Large tables are read from end to end: {figures['read_whole']}")


def _prepare(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        for name in ("small", "large"):
            connection.execute(f"CREATE DATABASE {name}")
    # Filling checks no foreign keys: that would take longer than writing the rows.
    with psycopg.connect(server.url, user="postgres", autocommit=True) as connection:
        connection.execute("GRANT SET ON PARAMETER session_replication_role TO countersign")


def _environment(server: EmbeddedPostgres) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": server.url,
        "COUNTERSIGN_SECRET_KEY": secrets.token_hex(32),
        "COUNTERSIGN_PUBLIC_URL": "http://127.0.0.1:8000",
        "RESTATE_INGRESS_URL": "http://127.0.0.1:9",
        "RESTATE_ADMIN_URL": "http://127.0.0.1:9",
    }
