"""The key that decisions are signed with."""

import logging
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from restate_bridge.contract import KeyFile, KeyFormatError, load_signing_key

logger = logging.getLogger(__name__)


class SigningKey:
    """The private key in a file, read again when the file changes, so that it is rotated without a restart."""

    def __init__(self, path: Path) -> None:
        """Read the file once, to fail at start.

        Raises:
            OSError, KeyFormatError: it can't be read or is no Ed25519 private key.
        """
        self._file = KeyFile(path, load_signing_key)
        self._key = self._file.read()
        self._complaint = ""

    def current(self) -> Ed25519PrivateKey:
        """Return the key that the file holds now, or the one before if the file is broken, which is logged."""
        try:
            self._key, complaint = self._file.read(), ""
        except (OSError, KeyFormatError) as error:
            complaint = str(error)
        if complaint and complaint != self._complaint:
            logger.error("COUNTERSIGN_SIGNING_KEY_FILE can't be read, the key before is kept: %s", complaint)
        self._complaint = complaint
        return self._key
