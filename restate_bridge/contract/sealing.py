"""What Restate keeps, sealed: whoever reads its disks, or its pages, without a key finds nothing there.

AES-256-GCM. A sealed value begins with a mark that no JSON and no text begins with, then names its key, so that keys
can be rotated: the first of a file seals, all of them open. What was never sealed is opened as it is.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from restate_bridge.contract.keys import KeyFile, KeyFormatError

KEY_BYTES: Final = 32
#: The entry of a service's metadata that says that it opens what is sealed: ``true``.
SEALED: Final = "countersign.sealed"
_MARK: Final = b"\x00cs1"
_ID_BYTES: Final = 8
_NONCE_BYTES: Final = 12
_HEAD: Final = len(_MARK) + _ID_BYTES
#: How a sealed text begins that stands where only text can, such as in a rejection.
_TEXT_MARK: Final = "sealed:"


class CantOpen(ValueError):
    """A value is sealed with a key that is not here, or was damaged."""


class JournalKeys:
    """Keys by which values are sealed and opened."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take 32 bytes each; the first one seals."""
        self._ciphers = {_id_of(key): AESGCM(key) for key in keys}
        self._first = _id_of(keys[0])

    def seal(self, content: bytes) -> bytes:
        """Return ``content`` so that nobody reads or changes it without the key."""
        head, nonce = _MARK + self._first, os.urandom(_NONCE_BYTES)
        return head + nonce + self._ciphers[self._first].encrypt(nonce, content, head)

    def open(self, content: bytes) -> bytes:
        """Return what was sealed; what was not, as it is.

        Raises:
            CantOpen: the key is not here, or the value was damaged.
        """
        if not is_sealed(content):
            return content
        head, nonce = content[:_HEAD], content[_HEAD : _HEAD + _NONCE_BYTES]
        cipher = self._ciphers.get(head[len(_MARK) :])
        if cipher is None:
            raise CantOpen("it is sealed with a key that is not here")
        try:
            return cipher.decrypt(nonce, content[_HEAD + _NONCE_BYTES :], head)
        except (InvalidTag, ValueError) as error:
            raise CantOpen("it was sealed, and damaged since") from error


def is_sealed(content: bytes) -> bool:
    """Tell whether a value is sealed."""
    return content.startswith(_MARK)


def load_journal_keys(content: bytes) -> JournalKeys:
    """Read keys, a line of base64 each; lines that begin with ``#`` are left out.

    Raises:
        KeyFormatError: there is none, or one has not 32 bytes.
    """
    keys = []
    for line in content.decode(errors="replace").splitlines():
        if not (text := line.strip()) or text.startswith("#"):
            continue
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise KeyFormatError("a journal key is not base64") from error
        if len(key) != KEY_BYTES:
            raise KeyFormatError(f"a journal key has {len(key)} bytes, not {KEY_BYTES}")
        keys.append(key)
    if not keys:
        raise KeyFormatError("there is no key in the file of journal keys")
    return JournalKeys(keys)


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"countersign journal key" + key).digest()[:_ID_BYTES]


class _Held:
    """The keys of this process; none until it is told of a file."""

    file: KeyFile[JournalKeys] | None = None


def use_journal_keys(path: Path | None) -> None:
    """Have this process seal and open by the keys in a file, read again whenever it changes; None for no keys.

    Raises:
        OSError: it can't be read.
        KeyFormatError: it does not hold what it should.
    """
    _Held.file = None if path is None else KeyFile(path, load_journal_keys)
    if _Held.file:
        _Held.file.read()


def has_journal_keys() -> bool:
    """Tell whether this process seals."""
    return _Held.file is not None


def sealed(content: bytes) -> bytes:
    """Return a value as Restate is to keep it: as it is, when this process has no keys."""
    return _Held.file.read().seal(content) if _Held.file else content


def opened(content: bytes) -> bytes:
    """Return a value as it was before it was sealed, if it was.

    Raises:
        CantOpen: its key is not here, or it was damaged.
    """
    if not is_sealed(content):
        return content
    if _Held.file is None:
        raise CantOpen("it is sealed, and there are no journal keys here")
    return _Held.file.read().open(content)


def sealed_text(text: str) -> str:
    """Return a text as Restate is to keep it where it keeps nothing but text."""
    return _TEXT_MARK + base64.urlsafe_b64encode(sealed(text.encode())).decode() if has_journal_keys() else text


def opened_text(text: str) -> str:
    """Return a text as it was before `sealed_text`, if it was; what can't be opened stays as it is."""
    if not text.startswith(_TEXT_MARK):
        return text
    try:
        return opened(base64.urlsafe_b64decode(text.removeprefix(_TEXT_MARK))).decode()
    except ValueError:
        return text
