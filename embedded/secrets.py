"""What the embedded default keeps secret: made once below the data folder, readable by its owner alone."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from restate_bridge.identity import make_identity_key, public_identity_key

# Without letters and digits that look alike: the demo password is read off a screen and typed.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def _demo_password() -> str:
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


def _signing_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(50),
    "signing_key.pem": _signing_key,
    "identity_key.pem": make_identity_key,
    "agent_token": lambda: secrets.token_urlsafe(32),
    "postgres_password": lambda: secrets.token_urlsafe(24),
    "demo_password": _demo_password,
}


def ensure(folder: Path) -> dict[str, str]:
    """Make what is missing in the folder and return every secret by its file name."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    found = {name: _read_or_make(folder / name, make) for name, make in MAKERS.items()}
    for name, make in {
        "verify_keys.pem": lambda: _public_key(found["signing_key.pem"]),
        "identity_keys": lambda: public_identity_key(found["identity_key.pem"]) + "\n",
    }.items():
        found[name] = _read_or_make(folder / name, make)
    return found


def _public_key(private_pem: str) -> str:
    key = serialization.load_pem_private_key(private_pem.encode(), password=None)
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    if path.exists():
        return path.read_text()
    # Written beside it and renamed, so that an interruption never leaves half a key behind.
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value := make())
    draft.rename(path)
    return value
