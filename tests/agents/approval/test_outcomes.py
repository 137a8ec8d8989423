"""What the model and the inbox are told, and what counts as a change."""

from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from pydantic import JsonValue

from agents.approval import outcomes
from agents.approval.durable import as_json
from agents.approval.paths import changes, outside
from agents.approval.reading import excerpt, token_in
from restate_bridge.contract import DecisionClaims, Outcome
from restate_bridge.contract.afterwards import MAX_RESULT_BYTES

ASKED: dict[str, JsonValue] = {"claim": {"amount": 1800, "tags": ["a"]}}


def _claims(**more: Any) -> DecisionClaims:
    claims: dict[str, Any] = {
        "decision_id": "1",
        "announcement_id": "2",
        "outcome": Outcome.APPROVED,
        "decided_by": "Rita",
        "decided_at": datetime.now(UTC),
        "digest": "",
    }
    return DecisionClaims(**(claims | more))


def test_an_approval_hands_over_the_result() -> None:
    assert outcomes.approved(_claims(arguments=ASKED), ASKED, 7) == {
        "status": "approved",
        "decided_by": "Rita",
        "result": 7,
    }


def test_an_approval_with_changes_names_them_and_the_reviewers_words() -> None:
    told = outcomes.approved(_claims(arguments={"claim": {"amount": 1500, "tags": ["a"]}}, note="less"), ASKED, 7)
    assert told["status"] == "approved_with_changes"
    assert told["changed"] == {"claim.amount": {"from": 1800, "to": 1500}}
    assert told["note"] == "less"


def test_a_rejection_always_has_a_reason() -> None:
    assert outcomes.rejected(_claims(note="no"))["reason"] == "no"
    assert outcomes.rejected(_claims())["reason"]


@pytest.mark.parametrize("result", [float("nan"), 2**60, "x" * MAX_RESULT_BYTES])
def test_what_the_inbox_does_not_take_is_replaced_by_a_note(result: JsonValue) -> None:
    told = outcomes.done(result)
    assert isinstance(told.result, dict)
    assert "not_shown" in told.result


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, {}),
        ({"a": 1}, {"a": True}, {"a": {"from": 1, "to": True}}),
        ({"a": {"b": [1]}}, {"a": {"b": [2]}}, {"a.b": {"from": [1], "to": [2]}}),
        ({"a": 1}, {"b": 1}, {"a": {"from": 1, "to": None}, "b": {"from": None, "to": 1}}),
    ],
)
def test_changes_are_found_field_by_field(before: JsonValue, after: JsonValue, expected: dict[str, Any]) -> None:
    assert changes(before, after) == expected


def test_a_change_is_covered_by_its_path_or_one_above() -> None:
    assert outside(["claim.amount", "claimant"], ["claim"]) == ["claimant"]
    assert outside(["claim.amount"], ["claim.amount"]) == []
    assert outside(["claim.amounts"], ["claim.amount"]) == ["claim.amounts"]


def test_any_result_becomes_json() -> None:
    assert as_json({"when": datetime(2026, 1, 1, tzinfo=UTC), "all": (1, {2})}) == {
        "when": "2026-01-01T00:00:00Z",
        "all": [1, [2]],
    }
    assert isinstance(as_json(object()), str)
    assert as_json(float("inf")) == "Infinity"


@pytest.mark.parametrize("body", [b'"a.b.c"', b"a.b.c", b'{"token": "a.b.c"}', b" a.b.c\n"])
def test_a_token_is_found_in_whatever_resolved_the_awakeable(body: bytes) -> None:
    assert token_in(body) == "a.b.c"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[1]", b"null", b'{"token": 1}', b"7", b"[" * 100_000])
def test_anything_else_is_no_token_and_no_error(body: bytes) -> None:
    assert "a.b.c" not in token_in(body)


def test_an_excerpt_of_a_token_says_which_decision_it_claims_to_be_and_nothing_of_what_it_holds() -> None:
    token = jwt.encode({"jti": "the-decision", "decision": {"note": "for others"}}, "x" * 32)
    assert excerpt(token) == "a token that claims to be the decision the-decision"


def test_an_excerpt_holds_only_what_can_be_stored() -> None:
    assert excerpt("a\x00\ud800b") == "a\ufffd?b"
    assert len(excerpt("x" * 1000)) == 500
