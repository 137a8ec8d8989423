"""Somebody who reaches Restate's ingress and answers awakeables with what is no decision."""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import httpx
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chaos.diary import Diary
from restate_bridge.contract import DecisionClaims, Outcome, reject_text, sign_decision

_SHARE: Final = 0.25
_PENDING: Final = (
    "SELECT id, awakeable_id, digest, arguments FROM approvals_approvalrequest WHERE status = 'pending' ORDER BY id"
)
_GARBAGE: Final = (b"yes", b"{", b'"approved"', b"\xff\xfe\x00", b'{"token": "a.b.c"}', b"null", b"")

type Pending = Callable[[str], Sequence[Mapping[str, Any]]]


class Forger:
    """Answers some of the requests that wait, each once, before a person does."""

    def __init__(self, ingresses: Sequence[str], pending: Pending, diary: Diary, seed: str) -> None:
        """Make it; ``pending`` asks the database."""
        self._ingresses, self._pending, self._diary = ingresses, pending, diary
        self._chance = random.Random(seed)
        self._looked_at: set[int] = set()
        # Any key but the inbox's.
        self._key = Ed25519PrivateKey.generate()

    def work(self, until: threading.Event) -> None:
        """Forge until the storm is over; the body of one thread."""
        with httpx.Client(trust_env=False, timeout=5) as client:
            while not until.wait(0.3):
                for row in self._new():
                    if self._chance.random() < _SHARE:
                        self._forge(client, row)

    def _new(self) -> list[Mapping[str, Any]]:
        try:
            rows = [row for row in self._pending(_PENDING) if row["id"] not in self._looked_at]
        except psycopg.OperationalError:
            return []
        self._looked_at |= {row["id"] for row in rows}
        return rows

    def _forge(self, client: httpx.Client, row: Mapping[str, Any]) -> None:
        address = f"{self._chance.choice(self._ingresses)}/restate/awakeables/{row['awakeable_id']}"
        try:
            match self._chance.choice(["garbage", "forged", "forged rejection"]):
                case "garbage":
                    client.post(f"{address}/resolve", content=self._chance.choice(_GARBAGE))
                case "forged":
                    client.post(f"{address}/resolve", json=self._token(row, Outcome.APPROVED))
                case _:
                    text = reject_text("Rejected by nobody", self._token(row, Outcome.REJECTED))
                    client.post(f"{address}/reject", content=text.encode())
        except httpx.TransportError:
            return
        self._diary.count("forged answers sent")

    def _token(self, row: Mapping[str, Any], outcome: Outcome) -> str:
        claims = DecisionClaims(
            decision_id=str(uuid4()),
            announcement_id=row["awakeable_id"],
            outcome=outcome,
            decided_by="nobody",
            decided_at=datetime.now(UTC),
            digest=row["digest"],
            arguments=row["arguments"] if outcome is Outcome.APPROVED else None,
        )
        return sign_decision(claims, self._key)
