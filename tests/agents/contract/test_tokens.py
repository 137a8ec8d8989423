"""Signed decisions: what is accepted, and each way in which one can be none."""

from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from restate_bridge.contract import (
    DecisionClaims,
    InvalidDecision,
    KeyFormatError,
    Outcome,
    claimed_decision,
    digest_of,
    key_id,
    load_signing_key,
    load_verify_keys,
    reject_text,
    sign_decision,
    token_in_reject_text,
    verify_decision,
)

KEY = Ed25519PrivateKey.generate()
KEYS = {key_id(KEY.public_key()): KEY.public_key()}
DIGEST = digest_of("pay", {"amount": 1800})
AWAKEABLE = "sign_1abcdefghijklmnopqrstuvwxyz"


def _claims(**more: Any) -> DecisionClaims:
    claims: dict[str, Any] = {
        "decision_id": "d-1",
        "announcement_id": AWAKEABLE,
        "outcome": Outcome.APPROVED,
        "decided_by": "Rita",
        "decided_at": datetime(2026, 3, 1, tzinfo=UTC),
        "digest": DIGEST,
        "arguments": {"amount": 1800},
    }
    return DecisionClaims(**(claims | more))


def _why(token: str, **more: Any) -> str:
    arguments: dict[str, Any] = {"announcement_id": AWAKEABLE, "digest": DIGEST, "keys": KEYS}
    with pytest.raises(InvalidDecision) as caught:
        verify_decision(token, **(arguments | more))
    return caught.value.code


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_what_was_signed_is_what_is_read() -> None:
    token = sign_decision(_claims(note="ok"), KEY)
    read = verify_decision(token, announcement_id=AWAKEABLE, digest=DIGEST, keys=KEYS)
    assert read == _claims(note="ok")


def test_a_decision_stays_valid_for_weeks() -> None:
    token = sign_decision(_claims(decided_at=datetime(2020, 1, 1, tzinfo=UTC)), KEY)
    assert verify_decision(token, announcement_id=AWAKEABLE, digest=DIGEST, keys=KEYS).decision_id == "d-1"


@pytest.mark.parametrize("garbage", ["", "yes", "a.b.c", "💥", "eyJhbGciOiJub25lIn0.e30."])
def test_garbage_is_malformed_or_of_no_key(garbage: str) -> None:
    assert _why(garbage) in {"malformed", "unknown_key"}


def test_a_token_of_another_key_is_not_accepted() -> None:
    assert _why(sign_decision(_claims(), Ed25519PrivateKey.generate())) == "unknown_key"


def test_a_token_that_names_a_known_key_but_is_signed_by_another_is_forged() -> None:
    other = Ed25519PrivateKey.generate()
    genuine = jwt.decode(sign_decision(_claims(), KEY), options={"verify_signature": False})
    forged = jwt.encode(genuine, other, algorithm="EdDSA", headers={"kid": key_id(KEY.public_key())})
    assert _why(forged) == "forged"


def test_a_token_without_a_signature_is_forged() -> None:
    genuine = jwt.decode(sign_decision(_claims(), KEY), options={"verify_signature": False})
    unsigned = jwt.encode(genuine, "", algorithm="none", headers={"kid": key_id(KEY.public_key())})
    assert _why(unsigned) == "forged"


def test_a_decision_on_another_request_is_told_apart() -> None:
    assert _why(sign_decision(_claims(announcement_id="sign_1other"), KEY)) == "other_request"


def test_a_decision_on_other_arguments_is_told_apart() -> None:
    assert _why(sign_decision(_claims(digest=digest_of("pay", {"amount": 1})), KEY)) == "digest_mismatch"


def test_a_signed_token_without_a_decision_is_malformed() -> None:
    payload = {"iss": "countersign", "aud": AWAKEABLE, "jti": "d-1", "iat": 1, "decision": {"outcome": "approved"}}
    token = jwt.encode(payload, KEY, algorithm="EdDSA", headers={"kid": key_id(KEY.public_key())})
    assert _why(token) == "malformed"


def test_old_and_new_keys_are_accepted_side_by_side_while_keys_rotate() -> None:
    new = Ed25519PrivateKey.generate()
    both = load_verify_keys(_pem(KEY) + b"\n" + _pem(new))
    for key in (KEY, new):
        token = sign_decision(_claims(), key)
        assert verify_decision(token, announcement_id=AWAKEABLE, digest=DIGEST, keys=both).decision_id == "d-1"
    assert _why(sign_decision(_claims(), KEY), keys=load_verify_keys(_pem(new))) == "unknown_key"


def test_a_reject_text_carries_a_line_for_people_and_the_token() -> None:
    token = sign_decision(_claims(outcome=Outcome.REJECTED), KEY)
    text = reject_text("rejected by\nRita: no", token)
    assert text.splitlines()[0] == "rejected by Rita: no"
    assert token_in_reject_text(text) == token
    assert token_in_reject_text(" \n") == ""


def test_keys_of_another_kind_are_refused() -> None:
    rsa = generate_private_key(65537, 2048)
    with pytest.raises(KeyFormatError):
        load_signing_key(rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyFormatError):
        load_verify_keys(rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(KeyFormatError):
        load_signing_key(b"no key")
    with pytest.raises(KeyFormatError):
        load_verify_keys(b"no key")


@pytest.mark.parametrize("junk", ["\ud800.\ud800.x", "[" * 5_000, "e30.e30.e30", ".".join(["W10"] * 3), "a.b.c\x00"])
def test_nothing_that_can_be_sent_raises_anything_else(junk: str) -> None:
    with pytest.raises(InvalidDecision):
        verify_decision(junk, announcement_id="sign_1x", digest="sha256:x", keys={})


def test_the_trace_is_signed_too_and_stands_beside_what_agents_of_before_read() -> None:
    span = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    token = sign_decision(_claims(traceparent=span), KEY)
    assert verify_decision(token, announcement_id=AWAKEABLE, digest=DIGEST, keys=KEYS).traceparent == span
    genuine = jwt.decode(token, options={"verify_signature": False})
    assert genuine["traceparent"] == span
    assert "traceparent" not in genuine["decision"]


def test_a_token_without_a_trace_is_as_it_was() -> None:
    token = sign_decision(_claims(), KEY)
    assert "traceparent" not in jwt.decode(token, options={"verify_signature": False})
    assert verify_decision(token, announcement_id=AWAKEABLE, digest=DIGEST, keys=KEYS).traceparent == ""


def test_a_time_without_a_zone_is_no_time_of_a_decision() -> None:
    whole = jwt.decode(sign_decision(_claims(), KEY), options={"verify_signature": False})
    zoneless = whole | {"decision": whole["decision"] | {"decided_at": "2026-03-01T00:00:00"}}
    token = jwt.encode(zoneless, KEY, algorithm="EdDSA", headers={"kid": key_id(KEY.public_key())})
    assert _why(token) == "malformed"
    assert claimed_decision(token) is None
