"""Reading what reached an awakeable. Whoever reaches the ingress can send anything; none of it may raise here."""

import json
from typing import Final

from restate_bridge.contract import CantOpen, claimed_decision_id, opened

_EXCERPT_CHARACTERS: Final = 500


def token_in(body: bytes) -> str:
    """Return the token in what resolved an awakeable: JSON text, or an object with a ``token``, or as it came."""
    try:
        body = opened(body)
    except CantOpen:
        return ""
    text = body.decode("utf-8", errors="replace").strip()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, dict):
        value = value.get("token")
    return value if isinstance(value, str) else text


def excerpt(text: str) -> str:
    """Return the beginning of a text, without what a database or the wire can't hold.

    Of a token only which decision it claims to be: what it says may concern other people than those who read this.
    """
    if claimed := claimed_decision_id(text):
        text = f"a token that claims to be the decision {claimed}"
    beginning = text[:_EXCERPT_CHARACTERS].replace("\x00", "\ufffd")
    return beginning.encode("utf-8", errors="replace").decode("utf-8")
