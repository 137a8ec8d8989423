"""The ledger of payments: a file of JSON lines that stands in for a bank."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any


def ledger_file() -> Path:
    """Return where payments are written: ``CLAIMS_LEDGER_FILE``, or a file below ``var/``."""
    return Path(os.environ.get("CLAIMS_LEDGER_FILE") or "var/claims-ledger.jsonl")


def pay_once(payment_id: str, entry: dict[str, Any]) -> bool:
    """Append a payment unless it is there already, as a bank does with an idempotency key; return whether it was new.

    A durable step runs again when the process dies before its result is journaled: the effect has to bear that.
    """
    path = ledger_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as ledger:
        fcntl.flock(ledger, fcntl.LOCK_EX)
        ledger.seek(0)
        if any(_id_of(line) == payment_id for line in ledger):
            return False
        ledger.write(json.dumps({"id": payment_id, **entry}, ensure_ascii=False) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())
        return True


def _id_of(line: str) -> str:
    try:
        return str(json.loads(line).get("id", ""))
    except ValueError:
        return ""
