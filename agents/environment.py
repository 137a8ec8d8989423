"""The agents' own settings, from the environment. What concerns the inbox is in `agents.approval.configuration`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from agents.approval.errors import ConfigurationError


@dataclass(frozen=True)
class Environment:
    """How this process serves.

    Attributes:
        bind: address and port to listen on (``AGENTS_BIND``).
        inactivity_timeout: how long a waiting run keeps its connection before it suspends
            (``AGENT_INACTIVITY_TIMEOUT``, seconds).
    """

    bind: str
    inactivity_timeout: timedelta

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
        return cls(bind=bind, inactivity_timeout=timedelta(seconds=_seconds(environment)))


def _seconds(environment: Mapping[str, str]) -> float:
    text = environment.get("AGENT_INACTIVITY_TIMEOUT", "2")
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 86_400:
        raise ConfigurationError(f"AGENT_INACTIVITY_TIMEOUT: {text!r} is not a number of seconds from 0 to 86400")
    return seconds
