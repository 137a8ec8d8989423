"""What Restate keeps, sealed: whoever reads its disks, or its pages, without a key finds nothing there.

AES-256-GCM. A sealed value begins with a mark that no JSON and no text begins with, then names its key, so that keys
can be rotated: the first of a file seals, all of them open. What was never sealed is opened as it is.
"""

import base64
import binascii
import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from restate_bridge.contract.keys import KeyFile, KeyFormatError

logger = logging.getLogger(__name__)

KEY_BYTES: Final = 32
#: The entry of a service's metadata that says that it opens what is sealed: ``true``.
SEALED: Final = "countersign.sealed"
_MARK: Final = b"\x00cs1"
_ID_BYTES: Final = 8
_NONCE_BYTES: Final = 12
_HEAD: Final = len(_MARK) + _ID_BYTES
_SHORTEST: Final = _HEAD + _NONCE_BYTES + 16  # GCM's tag
#: How a sealed text begins that stands where only text can, such as in a rejection.
_TEXT_MARK: Final = "sealed:"


class CantOpen(ValueError):
    """A value is sealed, and was damaged since, or never sealed by anybody who has a key."""


class KeyNotHere(CantOpen):
    """A value is sealed with a key that is not here."""


class JournalKeys:
    """Keys by which values are sealed and opened."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take 32 bytes each; the first one seals."""
        self._ciphers = {_id_of(key): AESGCM(key) for key in keys}
        self._first = _id_of(keys[0])

    def seal(self, content: bytes) -> bytes:
        """Return ``content`` so that nobody without the key reads it, or makes another one of it.

        Where it belongs is no part of it: who writes to Restate may put one sealed value in the place of another.
        """
        head, nonce = _MARK + self._first, os.urandom(_NONCE_BYTES)
        return head + nonce + self._ciphers[self._first].encrypt(nonce, content, head)

    def open(self, content: bytes) -> bytes:
        """Return what was sealed; what was not, as it is.

        Raises:
            KeyNotHere: its key is not among these.
            CantOpen: it was damaged.
        """
        if not is_sealed(content):
            return content
        if len(content) < _SHORTEST:
            raise CantOpen("it was sealed, and cut off since")
        head, nonce = content[:_HEAD], content[_HEAD : _HEAD + _NONCE_BYTES]
        cipher = self._ciphers.get(head[len(_MARK) :])
        if cipher is None:
            raise KeyNotHere("it is sealed with a key that is not here")
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
    """The keys of a file, read again whenever it changes; those of before when it is broken, which is logged."""

    def __init__(self, path: Path) -> None:
        self._file = KeyFile(path, load_journal_keys)
        self._keys, self._complaint = self._file.read(), ""

    def keys(self) -> JournalKeys:
        try:
            self._keys, complaint = self._file.read(), ""
        except (OSError, KeyFormatError) as error:
            # A value that can't be sealed would have its effect repeated: nothing may depend on the file just now.
            complaint = str(error)
        if complaint and complaint != self._complaint:
            logger.error("the file of journal keys can't be read, the keys before are kept: %s", complaint)
        self._complaint = complaint
        return self._keys


# Of this process; none until it is told of a file.
_held: list[_Held] = []


def use_journal_keys(path: Path | None) -> None:
    """Have this process seal and open by the keys in a file, read again whenever it changes; None for no keys.

    Raises:
        OSError: it can't be read.
        KeyFormatError: it does not hold what it should.
    """
    _held[:] = [] if path is None else [_Held(path)]


def has_journal_keys() -> bool:
    """Tell whether this process seals."""
    return bool(_held)


def sealed(content: bytes) -> bytes:
    """Return a value as Restate is to keep it: as it is, when this process has no keys."""
    return _held[0].keys().seal(content) if _held else content


def opened(content: bytes) -> bytes:
    """Return a value as it was before it was sealed, if it was.

    Raises:
        KeyNotHere: its key is not here.
        CantOpen: it was damaged.
    """
    if not is_sealed(content):
        return content
    if not _held:
        raise KeyNotHere("it is sealed, and there are no journal keys here")
    return _held[0].keys().open(content)


def sealed_text(text: str) -> str:
    """Return a text as Restate is to keep it where it keeps nothing but text."""
    return _TEXT_MARK + base64.urlsafe_b64encode(sealed(text.encode())).decode() if has_journal_keys() else text


def opened_text(text: str) -> str:
    """Return a text as it was before `sealed_text`, if it was; what can't be opened stays as it is."""
    if not text.startswith(_TEXT_MARK):
        return text
    try:
        return opened(base64.urlsafe_b64decode(text.removeprefix(_TEXT_MARK))).decode()
    except (CantOpen, binascii.Error, UnicodeDecodeError):
        return text
