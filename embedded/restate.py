"""The Restate server from its npm package, small and on loopback only.

`python -m embedded.restate run` becomes the server.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import httpx

from embedded.errors import SetupError
from embedded.server import Server, launched
from embedded.settings import ROOT, Settings, from_environment
from embedded.steps import sentence_or_exit

SMALL = {
    "RESTATE_BIND_IP": "127.0.0.1",  # every listener defaults to every interface
    "RESTATE_NODE_NAME": "local",
    "RESTATE_LISTEN_MODE": "tcp",
    "RESTATE_DISABLE_TELEMETRY": "true",
    "RESTATE_DEFAULT_NUM_PARTITIONS": "1",
    "RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE": "64MB",
    "RESTATE_ROCKSDB_TOTAL_MEMTABLES_RATIO": "0.5",
    "RESTATE_BIFROST__RECORD_CACHE_MEMORY_SIZE": "8MB",
    "RESTATE_ADMIN__QUERY_ENGINE__MEMORY_SIZE": "64MB",
    "RESTATE_WORKER__INVOKER__MEMORY_LIMIT": "128MB",
    "RESTATE_WORKER__DATA_SERVICE_MEMORY_LIMIT": "32MB",
    "RESTATE_LOG_FILTER": "warn,restate=info,octocrab=off",
    "RESTATE_LOG_DISABLE_ANSI_CODES": "true",
    # Runs that wait can be paused only with these two, and only if they were on when the data folder was made.
    "RESTATE_EXPERIMENTAL_ENABLE_PROTOCOL_V7": "true",
    "RESTATE_EXPERIMENTAL_ENABLE_VQUEUES": "true",
}


def binary() -> Path:
    """This platform's server program below node_modules.

    Raises:
        SetupError: it is not installed, or there is none for this platform.
    """
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine().lower())
    package = f"restate-server-{platform.system().lower()}-{machine}"
    path = ROOT / "node_modules" / "@restatedev" / package / "bin" / "restate-server"
    if not path.exists():
        raise SetupError(f"The Restate server ({package}) is not installed; run make install.")
    return path


# What the user's shell may say to our server: where it sends its traces, by OTLP over gRPC.
PASSED_ON = {"RESTATE_TRACING_ENDPOINT"}


def server_environment(ingress_port: int, admin_port: int, node_port: int) -> dict[str, str]:
    """What the server reads besides its data folder."""
    # RESTATE_… variables of the user's shell are meant for another server, or for Restate's CLI.
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("RESTATE_") or name in PASSED_ON
    }
    ports = {
        "RESTATE_INGRESS__BIND_PORT": ingress_port,
        "RESTATE_ADMIN__BIND_PORT": admin_port,
        "RESTATE_BIND_PORT": node_port,
    }
    return inherited | SMALL | {name: str(port) for name, port in ports.items()}


def identity(settings: Settings) -> dict[str, str]:
    """What has the server sign its calls, by the key that our agents know it by."""
    # The older name: Restate 1.7 takes it, and logs that it prefers worker.invoker.… before it.
    return {"RESTATE_REQUEST_IDENTITY_PRIVATE_KEY_PEM_FILE": str(settings.var / "secrets" / "identity_key.pem")}


class EmbeddedRestate(Server):
    """A Restate server of one's own; `env` adds to its settings, say a shorter inactivity timeout or its cluster."""

    name = "Restate"

    def __init__(
        self, base_dir: Path, ingress_port: int, admin_port: int, node_port: int, env: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.base_dir = base_dir
        self.ingress_url = f"http://127.0.0.1:{ingress_port}"
        self.admin_url = f"http://127.0.0.1:{admin_port}"
        self._env = server_environment(ingress_port, admin_port, node_port) | dict(env or {})

    def launch(self, output: int) -> subprocess.Popen[str]:
        self.base_dir.mkdir(parents=True, exist_ok=True)
        return launched([binary(), "--base-dir", self.base_dir], env=self._env, output=output)

    def ready(self) -> bool:
        return answers(self.ingress_url, self.admin_url)

    def ask_to_stop(self, process: subprocess.Popen[str]) -> None:
        process.terminate()


def answers(ingress_url: str, admin_url: str) -> bool:
    """Whether both faces of the server are healthy."""
    return responds(f"{admin_url}/health") and responds(f"{ingress_url}/restate/health")


def responds(url: str) -> bool:
    """Whether a GET answers 200."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def main() -> NoReturn:
    """Become the server of the embedded default."""
    settings = from_environment()
    base_dir = settings.var / "restate"
    base_dir.mkdir(parents=True, exist_ok=True)
    ports = (settings.port(name) for name in ("RESTATE_INGRESS_PORT", "RESTATE_ADMIN_PORT", "RESTATE_NODE_PORT"))
    program = str(binary())
    os.execve(program, [program, "--base-dir", str(base_dir)], server_environment(*ports) | identity(settings))


if __name__ == "__main__":
    sys.exit(sentence_or_exit(main))
