"""``python -m restate_bridge.journal_keys FILE`` adds a new key in front of a file of journal keys.

It seals from then on. Keys that are not needed any more are taken out by hand, once nothing sealed with them is kept
in Restate.
"""

import base64
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

from restate_bridge.contract import KEY_BYTES, KeyFormatError, load_journal_keys


def add_journal_key(file: Path) -> None:
    """Put a new key in front of those that a file holds; make the file, for its owner alone, where there is none.

    Raises:
        KeyFormatError: the file holds something else.
        OSError: it can't be read or written.
    """
    file = file.resolve()
    known = file.read_bytes() if file.exists() else b""
    if known.strip():
        load_journal_keys(known)
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    # Renamed when it is whole: half a file would open nothing.
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(key + known)
        if known:
            _take_after(written.fileno(), file)
        written.flush()
        os.fsync(written.fileno())
    draft.rename(file)


def _take_after(draft: int, file: Path) -> None:
    """Let those read the draft who may read the file; whoever can't give it away keeps it."""
    of_file = file.stat()
    with suppress(PermissionError):
        os.fchown(draft, of_file.st_uid, of_file.st_gid)
    os.fchmod(draft, of_file.st_mode & 0o777)


def main(arguments: list[str]) -> int:
    """Do it for the file on the command line; 2 for anything else there, 1 for a failure."""
    if len(arguments) != 1:
        print("usage: python -m restate_bridge.journal_keys FILE", file=sys.stderr)
        return 2
    try:
        add_journal_key(Path(arguments[0]))
    except (KeyFormatError, OSError) as error:
        print(f"There is no new journal key: {arguments[0]}: {error}", file=sys.stderr)
        return 1
    print(f"{arguments[0]} begins with a new key, which seals from now on: see docs/operations.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
