"""Where the inbox is, and whose decisions count: from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from agents.approval.errors import ConfigurationError
from restate_bridge.contract import KeyFile, KeyFormatError, VerifyKeys, load_verify_keys


class VerifyKeyFile:
    """The public keys of the inbox, read again whenever the file changes, so that keys rotate without a restart."""

    def __init__(self, path: Path) -> None:
        """Read the file once, to fail at start.

        Raises:
            ConfigurationError: it can't be read or holds no Ed25519 public key.
        """
        self._path, self._file = path, KeyFile(path, load_verify_keys)
        self.keys()

    def keys(self) -> VerifyKeys:
        """Return the keys that the file holds now.

        Raises:
            ConfigurationError: see `VerifyKeyFile`.
        """
        try:
            return self._file.read()
        except (OSError, KeyFormatError) as error:
            raise ConfigurationError(f"COUNTERSIGN_VERIFY_KEYS_FILE: {self._path}: {error}") from error


@dataclass(frozen=True)
class Countersign:
    """An agent's side of the contract with the inbox.

    Attributes:
        url: the inbox's address without a path's end, such as ``http://127.0.0.1:8000`` (``COUNTERSIGN_URL``).
        token: the agent service's bearer token (``COUNTERSIGN_AGENT_TOKEN``); never logged.
        verify_keys: the inbox's public keys, PEM (``COUNTERSIGN_VERIFY_KEYS_FILE``).
    """

    url: str
    token: str = field(repr=False)
    verify_keys: VerifyKeyFile = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the three variables.

        Raises:
            ConfigurationError: one is missing or wrong.
        """
        url = _required(environment, "COUNTERSIGN_URL", "the inbox's address, such as http://127.0.0.1:8000")
        token = _required(environment, "COUNTERSIGN_AGENT_TOKEN", "the token that the inbox issued for this agent")
        keys = _required(environment, "COUNTERSIGN_VERIFY_KEYS_FILE", "the file of the inbox's public keys (PEM)")
        return cls(url=_address(url), token=_token(token), verify_keys=VerifyKeyFile(Path(keys)))


@cache
def countersign() -> Countersign:
    """Return the configuration of this process, read from the environment once."""
    return Countersign.from_environment()


def _required(environment: Mapping[str, str], name: str, what: str) -> str:
    if value := environment.get(name, "").strip():
        return value
    raise ConfigurationError(f"{name} is not set: it holds {what}")


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(f"COUNTERSIGN_URL: {url!r} is not an http or https address")
    if parts.username or parts.password:
        raise ConfigurationError("COUNTERSIGN_URL: it must hold no password; use COUNTERSIGN_AGENT_TOKEN")
    return url.rstrip("/")


def _token(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigurationError("COUNTERSIGN_AGENT_TOKEN: it holds spaces or characters that no token has")
    return token
