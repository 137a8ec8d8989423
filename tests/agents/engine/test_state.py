"""State of ADK's, with its prefixes: all of it is the session's, whatever they promise elsewhere."""

import json
from typing import Any
from uuid import uuid4

from tests.agents.engine.house import House

NAMES = ["plain", "user:language", "app:motto", "temp:draft"]


def call(house: House, session: str, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Have tools called in one turn; return what they returned."""
    message = "\n".join(f"{tool} {json.dumps(arguments)}" for tool, arguments in calls)
    return list(json.JSONDecoder().raw_decode(house.ask(message, session, "Trial").answer())[0])


def test_state_with_a_prefix_is_the_sessions_own_and_temporary_state_ends_with_its_turn(house: House) -> None:
    session, other = uuid4().hex, uuid4().hex
    notes = [("note", {"name": name, "value": "kept"}) for name in NAMES]
    recall = ("recall", {"names": NAMES})
    assert call(house, session, *notes, recall)[-1] == dict.fromkeys(NAMES, "kept")
    kept = dict.fromkeys(NAMES, "kept") | {"temp:draft": None}
    assert call(house, session, recall) == [kept]
    assert call(house, other, recall) == [dict.fromkeys(NAMES)]
    assert house.stored(session, "Trial")[1]["state"] == dict.fromkeys(NAMES[:-1], "kept")
