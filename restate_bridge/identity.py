"""How agents know their own Restate: its server signs each call with one key, and they accept several.

``python -m restate_bridge.identity KEY_FILE KEYS_FILE`` makes the key of a server, see `ensure_identity`.
"""

import os
import sys
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from restate_bridge.contract import KeyFormatError

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def make_identity_key() -> str:
    """Return a new private key as Restate's server reads it: Ed25519, PKCS 8, PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_identity_key(private_pem: str) -> str:
    """Return the public key to a private one, as Restate writes it: ``publickeyv1_`` and base58.

    Raises:
        KeyFormatError: it is no Ed25519 private key in PEM.
    """
    try:
        key = load_pem_private_key(private_pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyFormatError("the identity key is not a private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFormatError("the identity key is not an Ed25519 key")
    return f"publickeyv1_{_base58(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}"


def ensure_identity(key_file: Path, keys_file: Path) -> str:
    """See that a server has a key and that its agents know it; return the public key.

    The private key is made where there is none, for its owner's eyes alone. The public one is added to the file of the
    agents, a line each, unless it stands there.

    Raises:
        KeyFormatError: ``key_file`` holds something else.
        OSError: one of the files can't be read or written.
    """
    if not key_file.exists():
        # Renamed when it is whole: half a key would stop the server at every start from then on.
        draft = key_file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
            file.write(make_identity_key())
        draft.rename(key_file)
    public = public_identity_key(key_file.read_text())
    known = keys_file.read_text() if keys_file.exists() else ""
    if public not in known.split():
        with keys_file.open("a") as file:
            file.write(f"{public}\n" if known.endswith("\n") or not known else f"\n{public}\n")
    return public


def _base58(data: bytes) -> str:
    """Write bytes in base58, as Bitcoin does: leading zeros are ones."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, len(_BASE58))
        digits = _BASE58[digit] + digits
    return _BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + digits


def main(arguments: list[str]) -> int:
    """Do it for the files on the command line and print the public key; 2 for anything else there, 1 for a failure."""
    if len(arguments) != 2:
        print("usage: python -m restate_bridge.identity KEY_FILE KEYS_FILE", file=sys.stderr)
        return 2
    try:
        print(ensure_identity(*map(Path, arguments)))
    except (KeyFormatError, OSError) as error:
        print(f"There is no identity key: {arguments[0]}, {arguments[1]}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
