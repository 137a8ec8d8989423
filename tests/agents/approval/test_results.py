"""What code gets that calls a gated tool has the fields that its status promises, and no others."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from agents.approval import Result, outcomes
from agents.approval.undoing import Undone
from restate_bridge.contract import DecisionClaims, Outcome, digest_of

ASKED: dict[str, Any] = {"order": "A-17", "amount": 240.0}
KINDS = {get_args(kind.__annotations__["status"])[0]: kind for kind in get_args(Result.__value__)}


def claims(outcome: Outcome, **more: Any) -> DecisionClaims:
    return DecisionClaims(
        decision_id="d",
        announcement_id="a",
        outcome=outcome,
        decided_by="Rita",
        decided_at=datetime.now(UTC),
        digest=digest_of("pay_back", ASKED),
        **more,
    )


def in_words(told: Result) -> str:
    """Narrowed by its status: that this passes the type checker is half of the test."""
    if told["status"] == "approved_with_changes":
        return ", ".join(f"{path}: {change['from']} to {change['to']}" for path, change in told["changed"].items())
    if told["status"] == "approved" or told["status"] == "not_needed":
        return str(told["result"])
    if told["status"] == "rejected":
        return f"{told['decided_by']}: {told['reason']}"
    if told["status"] == "failed":
        return told["error"]
    return told["note"]


UNDONE = Undone(["book"], {"hold": "gone"}).as_told()
TOLD: list[tuple[dict[str, Any], str]] = [
    (outcomes.approved(claims(Outcome.APPROVED), ASKED, "paid"), "paid"),
    (outcomes.approved(claims(Outcome.APPROVED, note="fine"), ASKED, "paid"), "paid"),
    (
        outcomes.approved(claims(Outcome.APPROVED, arguments=ASKED | {"amount": 200.0}), ASKED, "paid"),
        "amount: 240.0 to 200.0",
    ),
    (outcomes.rejected(claims(Outcome.REJECTED, note="no")), "Rita: no"),
    (outcomes.rejected(claims(Outcome.REJECTED)) | UNDONE, "Rita: No reason was given."),
    (outcomes.expired() | UNDONE, "Nobody decided before the deadline. Nothing was done; nobody said no."),
    (outcomes.failed("no money") | UNDONE, "no money"),
    (outcomes.not_needed(["paid"]), "['paid']"),
]


@pytest.mark.parametrize(("told", "words"), TOLD, ids=[told["status"] for told, _ in TOLD])
def test_each_has_the_fields_of_its_status(told: Any, words: str) -> None:
    kind = KINDS[told["status"]]
    assert kind.__required_keys__ <= told.keys() <= kind.__required_keys__ | kind.__optional_keys__
    assert in_words(told) == words


def test_each_status_is_tried() -> None:
    assert {told["status"] for told, _ in TOLD} | {"dry_run"} == KINDS.keys()
