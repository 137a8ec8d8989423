"""Signed decisions: a JWT (EdDSA) that names the announcement it answers and the digest of what was shown."""

from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

from restate_bridge.contract.keys import VerifyKeys, key_id
from restate_bridge.contract.sealing import opened_text
from restate_bridge.contract.wire import Outcome

ISSUER: Final = "countersign"
ALGORITHM: Final = "EdDSA"
# Whoever reaches Restate's ingress can send anything, and the JWT library does not foresee all of it. Any other
# exception would be tried again for ever, and the run would be stuck.
_UNREADABLE: Final = (jwt.PyJWTError, ValueError, TypeError, RecursionError)


class InvalidDecision(Exception):
    """What reached the awakeable is not a valid decision for it.

    Attributes:
        code: ``malformed``, ``unknown_key``, ``forged``, ``other_request`` or ``digest_mismatch``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DecisionClaims(BaseModel):
    """What a signed decision says.

    Attributes:
        decision_id: the inbox's id of the decision (``jti``).
        announcement_id: the awakeable id that was announced (``aud``).
        outcome: approved, rejected, answered or expired.
        decided_by: who decided, as people call them; ``Countersign`` when a deadline passed.
        decided_at: when, with a time zone.
        digest: `digest_of` the tool and the arguments that the reviewer saw.
        arguments: the final arguments when approved, else None.
        answer: the answer to a question, else None.
        note: the reviewer's words to the agent; may be empty.
        traceparent: the span that the decision was sent in, for the agent to go on with its trace; mostly empty. Beside
            the decision in the token, so that agents who do not know it take the decision all the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision_id: str
    announcement_id: str
    outcome: Outcome
    decided_by: str
    decided_at: AwareDatetime
    digest: str
    arguments: dict[str, JsonValue] | None = None
    answer: str | None = None
    note: str = ""
    traceparent: str = ""


def sign_decision(claims: DecisionClaims, key: Ed25519PrivateKey) -> str:
    """Return the decision as a compact JWT, signed with ``key``."""
    body = claims.model_dump(mode="json", exclude={"decision_id", "announcement_id", "traceparent"})
    payload = {
        "iss": ISSUER,
        "jti": claims.decision_id,
        "aud": claims.announcement_id,
        "iat": int(claims.decided_at.timestamp()),
        "decision": body,
    } | ({"traceparent": claims.traceparent} if claims.traceparent else {})
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": key_id(key.public_key())})


def verify_decision(token: str, *, announcement_id: str, digest: str, keys: VerifyKeys) -> DecisionClaims:
    """Return what ``token`` says, if it is this inbox's decision on this announcement and these arguments.

    It depends on nothing but its arguments, so a replay of the run comes to the same result.

    Raises:
        InvalidDecision: with a code that says what is wrong.
    """
    payload = _verified_payload(token, announcement_id, keys)
    try:
        claims = DecisionClaims.model_validate(
            {
                **payload["decision"],
                "decision_id": payload["jti"],
                "announcement_id": announcement_id,
                "traceparent": payload.get("traceparent", ""),
            }
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InvalidDecision("malformed", "the token is signed but its claims are incomplete") from error
    if claims.digest != digest:
        raise InvalidDecision("digest_mismatch", "the decision was made on other arguments than these")
    return claims


def _verified_payload(token: str, announcement_id: str, keys: VerifyKeys) -> dict[str, Any]:
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
    except _UNREADABLE as error:
        raise InvalidDecision("malformed", "the payload is not a signed token") from error
    if not isinstance(kid, str) or kid not in keys:
        raise InvalidDecision("unknown_key", "the token is signed with a key that this agent does not accept")
    try:
        return jwt.decode(
            token,
            keys[kid],
            algorithms=[ALGORITHM],
            audience=announcement_id,
            issuer=ISSUER,
            # Agents wait for weeks on machines whose clocks differ: a token has no expiry and its
            # issue time is a record, not a condition. Freshness is what acknowledging is for.
            options={"require": ["jti", "aud", "iss", "iat"], "verify_iat": False},
        )
    except jwt.InvalidAudienceError as error:
        raise InvalidDecision("other_request", "the token is a decision on another request") from error
    except _UNREADABLE as error:
        raise InvalidDecision("forged", "the token's signature or claims do not hold") from error


def claimed_decision_id(token: str) -> str:
    """Return the decision that a token claims to be (its ``jti``), nothing of it verified; empty for no token.

    For finding a decision that is on record anyway, never for believing one.
    """
    try:
        claimed = jwt.decode(token, options={"verify_signature": False}).get("jti", "")
    except _UNREADABLE:
        return ""
    return claimed if isinstance(claimed, str) else ""


def claimed_decision(token: str) -> DecisionClaims | None:
    """Return what a token says, nothing of it verified; None for what is no token of this kind.

    For showing somebody what reached an agent, never for believing it.
    """
    try:
        payload = jwt.decode(token, options={"verify_signature": False})
        return DecisionClaims.model_validate(
            {**payload["decision"], "decision_id": payload["jti"], "announcement_id": payload["aud"]}
        )
    except (KeyError, *_UNREADABLE):
        return None


def reject_text(summary: str, token: str) -> str:
    """Return the text that rejects an awakeable: a line for people, then the token.

    What resolves one is the token alone, as a JSON string.
    """
    return f"{' '.join(summary.split())}\n{token}"


def token_in_reject_text(text: str) -> str:
    """Return the token in a text made by `reject_text`: its last line, opened if it is sealed; or an empty string."""
    lines = text.strip().splitlines()
    return opened_text(lines[-1].strip()) if lines else ""
