"""Reading what reached an awakeable. Whoever reaches the ingress can send anything; none of it may raise here."""

import json
from typing import Final

from restate_bridge.contract import DecisionClaims, InvalidDecision, VerifyKeys, verify_decision

_EXCERPT_CHARACTERS: Final = 500


def token_in(body: bytes) -> str:
    """Return the token in what resolved an awakeable: JSON text, or an object with a ``token``, or as it came."""
    text = body.decode("utf-8", errors="replace").strip()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, dict):
        value = value.get("token")
    return value if isinstance(value, str) else text


def verified(answer: str, *, announcement_id: str, digest: str, keys: VerifyKeys) -> DecisionClaims:
    """Return what an answer says, if it is a valid decision; see `verify_decision`.

    Raises:
        InvalidDecision: it is none, and nothing else whatever it holds: an exception of another kind would be tried
            again for ever, and the run would be stuck.
    """
    try:
        return verify_decision(answer, announcement_id=announcement_id, digest=digest, keys=keys)
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidDecision("malformed", f"the payload can't be read: {type(error).__name__}") from error


def excerpt(text: str) -> str:
    """Return the beginning of a text, without what a database or the wire can't hold."""
    beginning = text[:_EXCERPT_CHARACTERS].replace("\x00", "\ufffd")
    return beginning.encode("utf-8", errors="replace").decode("utf-8")
