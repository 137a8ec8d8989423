"""`make check`: lint, format, types, templates, migrations. All are run, and all that failed is shown."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from embedded.environment import environment
from embedded.errors import SetupError
from embedded.ports import free_ports
from embedded.postgres import EmbeddedPostgres
from embedded.settings import ROOT, from_environment
from embedded.steps import done, say, sentence_or_exit

CHECKS = {
    "ruff check": ["-m", "ruff", "check"],
    "ruff format": ["-m", "ruff", "format", "--check"],
    "types": ["-m", "mypy"],
    "templates": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "Django's own checks": ["manage.py", "check", "--fail-level", "WARNING"],
}


def main() -> int:
    """Run every check; 1 when one failed."""
    with tempfile.TemporaryDirectory() as folder:
        # Some checks load Django's settings, and one asks the database which migrations ran.
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres", free_ports(1)[0]) as server:
            settings = from_environment(os.environ | {"VAR_DIR": folder, "DATABASE_URL": server.url})
            env = environment(settings)
            failed = [name for name, command in CHECKS.items() if not _passes(name, command, env)]
    if failed:
        raise SetupError(f"Failed: {', '.join(failed)}.")
    return 0


def _passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    started = time.monotonic()
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode == 0:
        done(name, time.monotonic() - started)
        return True
    say(f"  ✗ {name}\n{result.stdout}")
    return False


if __name__ == "__main__":
    sys.exit(sentence_or_exit(main))
