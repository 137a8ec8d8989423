"""Starting a house: Restate, the agents' processes, the stand-in for the inbox."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from embedded.ports import free_ports
from embedded.restate import EmbeddedRestate
from tests.agents.engine.house import Agents, House
from tests.agents.stand_in_inbox import TOKEN, StandInInbox

_NOT_INHERITED: Final = {
    "AGENT_MODEL",
    "GOOGLE_API_KEY",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "OPENAI_API_BASE",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
}


@contextmanager
def open_house(folder: Path, more: dict[str, str], *, trial: bool = True, agents: str = "agents") -> Iterator[House]:
    """Start everything with its data in ``folder``, and stop it in the end; ``more`` adds to the environment.

    What is named after Restate in ``more`` is for its server.

    Args:
        trial: whether the trial agents are served too.
        agents: the module that serves the samples.
    """
    ingress, admin, node, agents_port, trial_port, inbox_port = free_ports(6)
    inbox = StandInInbox(inbox_port)
    environment = _environment(folder, inbox, agents_port, trial_port) | more
    settings = {"RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT": f"{environment['AGENT_INACTIVITY_TIMEOUT']}s"}
    settings |= {name: value for name, value in more.items() if name.startswith("RESTATE_")}
    processes = [Agents(environment, agents_port, folder / "agents.log", agents)]
    if trial:
        processes.append(Agents(environment, trial_port, folder / "trial.log", "tests.agents.engine.trial_agents"))
    with EmbeddedRestate(folder / "restate", ingress, admin, node, env=settings) as restate:
        try:
            for process in processes:
                process.launch()
            for process in processes:
                process.wait()
                process.register(restate.admin_url)
            yield House(restate.ingress_url, restate.admin_url, processes[0], inbox, folder / "claims-ledger.jsonl")
        finally:
            for process in processes:
                process.stop()
            inbox.close()


def _environment(folder: Path, inbox: StandInInbox, agents_port: int, trial_port: int) -> dict[str, str]:
    keys = folder / "verify.pem"
    keys.write_bytes(inbox.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED} | {
        "AGENTS_BIND": f"127.0.0.1:{agents_port}",
        "TRIAL_BIND": f"127.0.0.1:{trial_port}",
        "AGENT_INACTIVITY_TIMEOUT": "60",
        "COUNTERSIGN_URL": inbox.url,
        "COUNTERSIGN_AGENT_TOKEN": TOKEN,
        "COUNTERSIGN_VERIFY_KEYS_FILE": str(keys),
        "AGENTS_DATA_DIR": str(folder),
        "NO_PROXY": "127.0.0.1",
    }
