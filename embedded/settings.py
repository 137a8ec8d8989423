"""Ports and folders of the embedded default, from the environment."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from embedded.errors import SetupError

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 104 on macOS and 108 on Linux, and supervisor adds a suffix

PORTS = {
    "WEB_PORT": 8000,
    "RESTATE_INGRESS_PORT": 8080,
    "RESTATE_ADMIN_PORT": 9070,
    "RESTATE_NODE_PORT": 5122,
    "AGENTS_PORT": 9080,
    "POSTGRES_PORT": 15432,
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where everything listens (TCP ports on 127.0.0.1) and keeps its data."""

    ports: Mapping[str, int]
    var: Path
    database_url: str | None
    """A PostgreSQL server of the user's own; then none is started."""

    def port(self, variable: str) -> int:
        """The port that an environment variable sets, say WEB_PORT."""
        return self.ports[variable]

    def url(self, variable: str) -> str:
        """The address on loopback of whatever listens on that port."""
        return f"http://127.0.0.1:{self.ports[variable]}"

    def used_ports(self) -> dict[str, int]:
        """The ports that we will listen on, by variable."""
        return {name: port for name, port in self.ports.items() if not (name == "POSTGRES_PORT" and self.database_url)}


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SetupError: a port is no number between 1 and 65535, or stands twice.
    """
    ports = {name: _port(name, environ.get(name) or str(default)) for name, default in PORTS.items()}
    for name, port in ports.items():
        twins = [other for other, value in ports.items() if value == port and other != name]
        if twins:
            raise SetupError(f"{name} and {twins[0]} are both {port}; give each a port of its own.")
    var = Path(environ.get("VAR_DIR") or ROOT / "var").expanduser().absolute()
    return Settings(ports=ports, var=var, database_url=environ.get("DATABASE_URL") or None)


def _port(name: str, text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise SetupError(f"{name} is {text!r}, but must be a whole number from 1 to 65535.")


def socket_path(var: Path) -> Path:
    """Where the supervisor's socket goes: below the data folder, or a short private folder if that path is too long."""
    wanted = var / "supervisor.sock"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        return wanted
    private = Path(tempfile.gettempdir()) / f"countersign-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    owner = private.lstat()
    if owner.st_uid != os.getuid() or owner.st_mode & 0o077 or not private.is_dir() or private.is_symlink():
        raise SetupError(f"{private} does not belong to you alone; remove it, or set VAR_DIR to a shorter path.")
    return private / f"{sha256(os.fsencode(var)).hexdigest()[:12]}.sock"
