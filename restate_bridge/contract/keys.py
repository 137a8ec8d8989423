"""The keys of signed decisions: the inbox signs with one, agents accept several."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

_PUBLIC_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)

#: Public keys by their id, as `load_verify_keys` returns them.
VerifyKeys = Mapping[str, Ed25519PublicKey]


class KeyFormatError(ValueError):
    """A key file does not hold what it should: Ed25519 keys in PEM."""


def key_id(key: Ed25519PublicKey) -> str:
    """Return the id that a token's header carries: 16 hexadecimal digits over the public key."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:16]


def load_signing_key(pem: bytes) -> Ed25519PrivateKey:
    """Read one private key (PKCS 8, PEM, without a passphrase).

    Raises:
        KeyFormatError: it is not one.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyFormatError("the signing key is not a private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFormatError("the signing key is not an Ed25519 key")
    return key


def load_verify_keys(pem: bytes) -> VerifyKeys:
    """Read one or more public keys, one PEM block after another, so that keys can be rotated.

    Raises:
        KeyFormatError: there is none, or one is not an Ed25519 public key.
    """
    keys: dict[str, Ed25519PublicKey] = {}
    for block in _PUBLIC_PEM.findall(pem):
        try:
            key = load_pem_public_key(block)
        except ValueError as error:
            raise KeyFormatError("a verify key is not a public key in PEM") from error
        if not isinstance(key, Ed25519PublicKey):
            raise KeyFormatError("a verify key is not an Ed25519 key")
        keys[key_id(key)] = key
    if not keys:
        raise KeyFormatError("there is no public key in the file of verify keys")
    return MappingProxyType(keys)


class KeyFile[Held]:
    """A file of keys, read again whenever it changes, so that keys rotate without a restart."""

    def __init__(self, path: Path, load: Callable[[bytes], Held]) -> None:
        """Remember the file and what makes keys of its bytes; `read` reads it."""
        self._path, self._load = path, load
        self._read: tuple[tuple[int, int, int], Held] | None = None

    def read(self) -> Held:
        """Return what the file holds now.

        Raises:
            OSError: it can't be read.
            KeyFormatError: it does not hold what it should.
        """
        found = self._path.stat()
        # A file that is put in the place of another may carry an old time.
        version = (found.st_mtime_ns, found.st_ino, found.st_size)
        if self._read is None or self._read[0] != version:
            self._read = (version, self._load(self._path.read_bytes()))
        return self._read[1]
