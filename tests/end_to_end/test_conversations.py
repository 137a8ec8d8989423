"""A conversation, and what tools keep beside it, outlive the processes that took part in it."""

import httpx
import pytest

from restate_bridge.errors import BridgeError
from restate_bridge.health import Health
from restate_bridge.session_state import state_names, state_values
from tests.house.house import House, eventually
from tests.house.people import Person


def said(house: House, message: str, session: str) -> None:
    """Say something that nobody has to decide, and wait for the end of the turn."""
    run = house.ask(message, session=session)
    eventually(lambda: house.run_status(run) == "completed", what=f"the end of {message!r}")


def history(house: House, session: str) -> list[dict[str, object]]:
    url = f"{house.env['RESTATE_INGRESS_URL']}/Claims/{session}/history"
    answer = httpx.post(url, trust_env=False, timeout=30)
    answer.raise_for_status()
    return list(answer.json())


def state(house: House, session: str) -> dict[str, bytes]:
    names = [value.name for value in state_names(house.admin, "Claims", session, at_most=9)]
    return state_values(house.admin, "Claims", session, names)


def found(house: House, session: str) -> dict[str, bytes]:
    try:
        return state(house, session)
    except BridgeError:
        return {}


def killed(house: House, name: str) -> None:
    """Kill a process, start it anew, and wait until the engine can be asked."""
    house.kill(name)
    house.start(name)
    engine = Health(house.env["RESTATE_INGRESS_URL"], house.admin)
    eventually(lambda: not engine.problem(), what="the engine")


@pytest.mark.parametrize("name", ["agents", "restate"])
def test_a_conversation_is_gone_on_with_after_a_kill(house: House, name: str) -> None:
    session = f"remembers-{name}"
    said(house, "Please reimburse 12 EUR for a taxi", session)
    before = history(house, session)
    assert before
    killed(house, name)
    assert history(house, session) == before
    said(house, "And 15 EUR again", session)
    # Only the first message says what it is for.
    claims = [payment["claim"] for payment in house.payments(session)]
    assert [(claim["amount"], claim["category"]) for claim in claims] == [(12, "travel"), (15, "travel")]


def test_what_tools_keep_in_a_session_is_there_after_a_kill(house: House, reviewer: Person) -> None:
    session = "keeps-a-leave"
    run = house.ask("I would like to claim a dinner of 320 USD for which I lost the receipt.", session=session)
    reviewer.decide(house.request_of(run)["id"], "answer", answer="Pay it anyway")
    eventually(lambda: house.run_status(run) == "completed")
    before = state(house, session)
    assert b'"leave-' in b"".join(before.values())
    killed(house, "restate")
    # A full engine takes its time to read all that it keeps.
    eventually(lambda: found(house, session) == before, what="what was kept")
    # What finance has decided on is paid once, however often it is claimed.
    said(house, "Please reimburse a dinner of 200 USD", session)
    assert [payment["claim"]["amount"] for payment in house.payments(session)] == [320]
