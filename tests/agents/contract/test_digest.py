"""The digest that ties a decision to what the reviewer saw."""

import pytest
from pydantic import JsonValue

from restate_bridge.contract import UnserialisableArguments, canonical_json, digest_of

CLAIM: dict[str, JsonValue] = {
    "claim": {"amount": 1800.0, "currency": "EUR", "reason": "Flug nach Oslo – hin & zurück"}
}


def test_the_order_of_keys_does_not_matter() -> None:
    turned: dict[str, JsonValue] = {"claim": dict(reversed(list(CLAIM["claim"].items())))}  # type: ignore[union-attr]
    assert digest_of("reimburse", CLAIM) == digest_of("reimburse", turned)


def test_a_whole_number_is_the_same_with_and_without_a_fraction() -> None:
    assert digest_of("pay", {"amount": 1800.0}) == digest_of("pay", {"amount": 1800})


@pytest.mark.parametrize("other", [{"amount": 1800.01}, {"amount": "1800"}, {"amount": 1800, "to": None}, {}])
def test_other_arguments_have_another_digest(other: dict[str, JsonValue]) -> None:
    assert digest_of("pay", {"amount": 1800}) != digest_of("pay", other)


def test_another_tool_has_another_digest() -> None:
    assert digest_of("pay", {}) != digest_of("repay", {})


def test_it_is_a_known_value() -> None:
    assert canonical_json({"b": 1.0, "a": [True, None, "€"]}) == '{"a":[true,null,"€"],"b":1}'.encode()
    assert digest_of("pay", {"amount": 1}).startswith("sha256:")
    assert len(digest_of("pay", {"amount": 1})) == 71


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**60, "\ud800"])
def test_what_json_can_not_carry_exactly_is_refused(value: JsonValue) -> None:
    with pytest.raises(UnserialisableArguments):
        digest_of("pay", {"amount": value})
