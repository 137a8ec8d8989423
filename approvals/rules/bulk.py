"""Which requests may be decided together with others."""

from restate_bridge.contract import Kind, Risk


def can_be_picked(kind: str, risk: str, *, is_found: bool = False) -> bool:
    """Tell whether a request may be decided in bulk: never a high risk, and a question needs an answer of its own.

    So does a wait that was found: it is resolved with a value.
    """
    return kind == Kind.APPROVAL and risk != Risk.HIGH and not is_found
