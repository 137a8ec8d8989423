"""Whose calls the agents' endpoint accepts: those that a Restate has signed with a key that it knows."""

import logging
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import restate

from agents.approval.errors import ConfigurationError

log = logging.getLogger("agents")
_VARIABLE: Final = "AGENTS_IDENTITY_KEYS_FILE"


def read_identity_keys(path: Path) -> tuple[str, ...]:
    """Return the public keys in a file: one a line, such as ``publickeyv1_7rbQe…``; what follows a ``#`` is a comment.

    Raises:
        ConfigurationError: the file can't be read, a line holds something else, or none holds a key.
    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{_VARIABLE}: {path}: {error}") from error
    keys = []
    for number, line in enumerate(lines, start=1):
        if key := line.partition("#")[0].strip():
            _check(key, f"{_VARIABLE}: {path}, line {number}")
            keys.append(key)
    if not keys:
        raise ConfigurationError(f"{_VARIABLE}: {path}: no line holds a public key of Restate's (publickeyv1_…)")
    return tuple(keys)


def tell_who_may_call(keys: Sequence[str], bind: str) -> None:
    """Log whose calls are accepted; that everybody's are is a warning unless only this machine can call."""
    if keys:
        log.info("calls are accepted when Restate has signed them", extra={"identity_keys": list(keys)})
        return
    level = logging.INFO if _is_loopback(bind) else logging.WARNING
    log.log(level, "unsigned calls are accepted, from whoever reaches this address", extra={"not_set": _VARIABLE})


def _check(key: str, where: str) -> None:
    try:
        # The SDK's own check, which it does where the keys are used; it has no other door.
        restate.app(services=[], identity_keys=[key])
    except Exception as error:
        raise ConfigurationError(f"{where}: this is no public key of Restate's: {error}") from error


def _is_loopback(bind: str) -> bool:
    host = bind.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
