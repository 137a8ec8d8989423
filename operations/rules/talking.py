"""Which handlers one can talk to."""

import json
from typing import Final

from restate_bridge.services import Handler

#: What such a handler takes: what is said, and on whose behalf.
MESSAGE: Final = "message"
USER: Final = "user"
_LONGEST_USER: Final = 200


def is_talk(handler: Handler) -> bool:
    """Tell whether a handler takes a message, as those of agents do: a text of that name, and nothing else but who."""
    schema = handler.schema or {}
    properties, required = schema.get("properties"), schema.get("required") or []
    if not isinstance(properties, dict) or not isinstance(required, list):
        return False
    message = properties.get(MESSAGE)
    return isinstance(message, dict) and message.get("type") == "string" and set(required) <= {MESSAGE, USER}


def said(handler: Handler, message: str, user: str) -> dict[str, str]:
    """Return what such a handler is sent."""
    names = (handler.schema or {}).get("properties", {})
    return {MESSAGE: message} | ({USER: user} if USER in names else {})


def on_behalf_of(handler: Handler, body: bytes | None) -> str:
    """Return on whose behalf a message speaks, as records keep it; empty where it does not say, or is none."""
    if not is_talk(handler) or not body:
        return ""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    user = sent.get(USER) if isinstance(sent, dict) else None
    # PostgreSQL keeps no NUL, and no half of a surrogate.
    kept = user.encode(errors="replace").decode() if isinstance(user, str) else ""
    return kept.replace("\x00", "\N{SYMBOL FOR NULL}")[:_LONGEST_USER]
