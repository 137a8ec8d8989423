"""Everything of a start that needs Django, in one process: loading it once saves seconds.

`embedded.run` starts this early and sends it a line when the database is there. What is already done is skipped.
"""

import io
import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import django
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from embedded.steps import already, step


def main() -> None:
    """Load Django, wait for the word, prepare the database and the static files."""
    django.setup()
    _quietly("compile_translations")  # needs no database
    sys.stdin.readline()
    step("migrations", lambda: _quietly("migrate", interactive=False))
    users = get_user_model().objects.filter(username="reviewer").exists
    accounts = _environment("DATABASE_URL", "COUNTERSIGN_DEMO_PASSWORD")
    _once("demo users", accounts, lambda: _quietly("demo_users"), still_there=users)
    token = _environment("DATABASE_URL", "COUNTERSIGN_AGENT_TOKEN")
    _once("agents' token", token, lambda: _quietly("register_agent_service", "samples"), still_there=users)
    collected = Path(os.environ["COUNTERSIGN_STATIC_ROOT"]).exists
    collect = lambda: _quietly("collectstatic", interactive=False, clear=True)  # noqa: E731 - as the lines above
    _once("static files", _static_files(), collect, still_there=collected)


def _quietly(command: str, *arguments: str, **options: bool) -> None:
    call_command(command, *arguments, verbosity=0, stdout=io.StringIO(), **options)


def _environment(*names: str) -> str:
    return "\n".join(os.environ[name] for name in names)


def _static_files() -> str:
    """What tells one state of the static files from another: paths, sizes, times of change."""
    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            lines.append(f"{path} {found.st_size} {found.st_mtime_ns}")
    return "\n".join(lines)


def _once(name: str, inputs: str, work: Callable[[], object], *, still_there: Callable[[], bool]) -> None:
    """Do a step unless it was done with the same inputs and its result is still there."""
    stamp = Path(os.environ["VAR_DIR"]) / "stamps" / name.replace(" ", "-").replace("'", "")
    digest = sha256(inputs.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest and still_there():
        already(name)
        return
    step(name, work)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest)


if __name__ == "__main__":
    main()
