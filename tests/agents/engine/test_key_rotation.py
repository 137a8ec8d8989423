"""The inbox's signing key changes while agents run: several public keys are accepted, and one signs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House


def _publish(file: Path, *keys: Ed25519PrivateKey) -> None:
    """Put public keys into the file that agents read, in one go."""
    pems = [key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in keys]
    made = file.with_suffix(".new")
    made.write_bytes(b"".join(pems))
    made.replace(file)


@pytest.fixture
def old_key(house: House) -> Iterator[Ed25519PrivateKey]:
    """The key that has signed so far; it signs again afterwards."""
    key = house.inbox.key
    yield key
    house.inbox.key = key
    _publish(house.verify_keys_file, key)


def test_the_old_and_the_new_key_count_until_the_old_one_is_removed(house: House, old_key: Ed25519PrivateKey) -> None:
    new_key = Ed25519PrivateKey.generate()
    turn = house.ask("\n".join(f'transfer {{"amount": {amount}}}' for amount in (4, 5, 6)), service="Trial")
    signed_before, _ = house.inbox.wait_for_request(turn.session)
    _publish(house.verify_keys_file, old_key, new_key)
    house.decide(signed_before, Outcome.APPROVED)
    signed_anew, _ = house.inbox.wait_for_request(turn.session, 2)
    house.inbox.key = new_key
    house.decide(signed_anew, Outcome.APPROVED)
    signed_late, held = house.inbox.wait_for_request(turn.session, 3)
    _publish(house.verify_keys_file, new_key)
    house.inbox.key = old_key
    house.decide(signed_late, Outcome.APPROVED)
    asked_again, again = house.inbox.wait_for_request(turn.session, 4)
    assert [told["code"] for told in held.heard["invalid-answer"]] == ["unknown_key"]
    assert again.announcement.supersedes == signed_late
    house.inbox.key = new_key
    house.decide(asked_again, Outcome.APPROVED)
    assert [transferred for transferred in (4, 5, 6) if f'"transferred": {transferred}' in turn.answer()] == [4, 5, 6]
