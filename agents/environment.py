"""The agents' own settings, from the environment. What concerns the inbox is in `agents.approval.configuration`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from agents.approval.errors import ConfigurationError
from agents.identity import read_identity_keys


@dataclass(frozen=True)
class Environment:
    """How this process serves.

    Attributes:
        bind: address and port to listen on (``AGENTS_BIND``).
        inactivity_timeout: how long a waiting run keeps its connection before it suspends
            (``AGENT_INACTIVITY_TIMEOUT``, seconds).
        attempts: how often a run is tried that keeps failing, such as by a model that is away, before it is paused
            for an operator (``AGENT_ATTEMPTS``).
        model_timeout: how long one call of a model may take (``AGENT_MODEL_TIMEOUT``, seconds).
        model_calls: how often one turn may call its models (``AGENT_MODEL_CALLS``).
        session_turns: after how many turns the earlier ones are summed up (``AGENT_SESSION_TURNS``); 0 means never.
        session_bytes: how long they may be until then, in bytes of JSON (``AGENT_SESSION_BYTES``).
        services: the names of the services to serve (``AGENTS_SERVICES``, with commas); empty means all.
        version: which version of the samples to serve (``AGENTS_VERSION``): 1, or 2 to try an upgrade with.
        artifacts: the folder for the sessions' artifacts, below ``AGENTS_DATA_DIR``.
        identity_keys: the public keys that Restate's calls have to be signed with one of
            (``AGENTS_IDENTITY_KEYS_FILE``); empty means that unsigned calls are accepted.
    """

    bind: str
    inactivity_timeout: timedelta = timedelta(seconds=2)
    attempts: int = 70
    model_timeout: timedelta = timedelta(minutes=2)
    model_calls: int = 100
    session_turns: int = 20
    session_bytes: int = 200_000
    services: frozenset[str] = frozenset()
    version: int = 1
    artifacts: Path = Path("var") / "artifacts"
    identity_keys: tuple[str, ...] = ()

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the variables.

        Raises:
            ConfigurationError: one is wrong.
        """
        bind = environment.get("AGENTS_BIND", "127.0.0.1:9080")
        host, colon, port = bind.rpartition(":")
        if not (host and colon and port.isdecimal() and 0 < int(port) < 65_536):
            raise ConfigurationError(f"AGENTS_BIND: {bind!r} is not an address and a port, such as 127.0.0.1:9080")
        version = environment.get("AGENTS_VERSION", "1")
        if version not in ("1", "2"):
            raise ConfigurationError(f"AGENTS_VERSION: {version!r} is neither 1 nor 2")
        return cls(
            bind=bind,
            inactivity_timeout=_seconds(environment, "AGENT_INACTIVITY_TIMEOUT", cls.inactivity_timeout),
            attempts=_number(environment, "AGENT_ATTEMPTS", cls.attempts),
            model_timeout=_seconds(environment, "AGENT_MODEL_TIMEOUT", cls.model_timeout, least=0.1),
            model_calls=_number(environment, "AGENT_MODEL_CALLS", cls.model_calls),
            session_turns=_number(environment, "AGENT_SESSION_TURNS", cls.session_turns, least=0),
            session_bytes=_number(environment, "AGENT_SESSION_BYTES", cls.session_bytes, 10_000, 5_000_000),
            services=frozenset(filter(None, map(str.strip, environment.get("AGENTS_SERVICES", "").split(",")))),
            version=int(version),
            artifacts=Path(environment.get("AGENTS_DATA_DIR") or "var") / "artifacts",
            identity_keys=_identity_keys(environment),
        )


def _seconds(environment: Mapping[str, str], name: str, otherwise: timedelta, least: float = 0) -> timedelta:
    text = environment.get(name)
    if text is None:
        return otherwise
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not least <= seconds <= 86_400:
        raise ConfigurationError(f"{name}: {text!r} is not a number of seconds from {least:g} to 86400")
    return timedelta(seconds=seconds)


def _number(environment: Mapping[str, str], name: str, otherwise: int, least: int = 1, greatest: int = 10_000) -> int:
    text = environment.get(name, str(otherwise))
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= greatest):
        raise ConfigurationError(f"{name}: {text!r} is not a number from {least} to {greatest}")
    return int(text)


def _identity_keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    file = environment.get("AGENTS_IDENTITY_KEYS_FILE")
    # Set to nothing is a mistake, and must not open the endpoint to everybody.
    return () if file is None else read_identity_keys(Path(file))
