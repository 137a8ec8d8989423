"""``python -m restate_bridge.journal_keys FILE`` adds a new key in front of a file of journal keys.

It seals from then on. Keys that are not needed any more are taken out by hand, once nothing sealed with them is kept
in Restate.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

from restate_bridge.contract import KEY_BYTES, KeyFormatError, load_journal_keys


def add_journal_key(file: Path) -> None:
    """Put a new key in front of those that a file holds; make the file, for its owner alone, where there is none.

    Raises:
        KeyFormatError: the file holds something else.
        OSError: it can't be read or written.
    """
    known = file.read_bytes() if file.exists() else b""
    if known.strip():
        load_journal_keys(known)
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    # Renamed when it is whole: half a file would open nothing.
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as written:
        written.write(key + known)
    draft.rename(file)


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
    print(f"{arguments[0]} begins with a new key. Give it to the agents before the inbox: see docs/operations.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
