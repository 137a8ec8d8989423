"""A run that has ended, started anew from every entry of its journal."""

from collections.abc import Iterable

from restate_bridge.contract import Outcome
from tests.agents.engine.house import House, Turn
from tests.agents.stand_in_inbox import wait_for

FLIGHT = "Please reimburse 1,800 EUR for a flight to Oslo"


def _decide(turn: Turn, number: int) -> None:
    """Approve what a run asks for as its ``number``-th."""
    inbox = turn.house.inbox
    found = wait_for(lambda: inbox.of_run(turn.invocation_id)[number - 1 : number], f"{turn} asks {number}")
    turn.house.decide(found[0][0], Outcome.APPROVED)


def _indexes(turn: Turn, of: str, name: str = "") -> list[int]:
    return [entry["index"] for entry in turn.journal() if entry["entry_type"] == of and entry.get("name", "") == name]


def _restarted_from_everywhere(turn: Turn) -> Iterable[tuple[int, Turn]]:
    for entry in turn.journal():
        # Refused here, when the engine doesn't take the index.
        yield entry["index"], turn.restart(entry["index"])


def test_a_claim_can_be_restarted_from_everywhere_and_is_decided_once_more_or_not_at_all(house: House) -> None:
    turn = house.ask(FLIGHT)
    _decide(turn, 1)
    turn.answer()
    [decided_at] = _indexes(turn, "Notification: Signal")
    [announced_at] = _indexes(turn, "Command: Run", "announce approval: reimburse")
    asked_for = _indexes(turn, "Command: Run", "call LLM")[1]
    [(_, first)] = house.inbox.of_run(turn.invocation_id)
    for index, again in _restarted_from_everywhere(turn):
        paid = len(house.payments(turn.session))
        if index < decided_at:
            _decide(again, 1)
        assert "approved" in again.answer()
        [(awakeable_id, _)] = house.inbox.of_run(again.invocation_id)
        rebound = [told["awakeable_id"] for told in first.heard["rebind"]]
        assert (awakeable_id in rebound) == (index >= announced_at)
        # What the model asked for is paid once. Asked anew, it makes a new call, which is another payment.
        assert len(house.payments(turn.session)) == paid + (index < asked_for)


def test_each_of_two_requests_is_decided_once_more_or_not_at_all_also_when_garbage_came_first(house: House) -> None:
    turn = house.ask('transfer {"amount": 5}\ntransfer {"amount": 6}', service="Trial")
    garbled, _ = house.inbox.wait_for_request(turn.session)
    house.resolve(garbled, b"garbage")
    for number in (2, 3):
        _decide(turn, number)
    answer = turn.answer()
    garbled_at, *decided_at = _indexes(turn, "Notification: Signal")
    for index, again in _restarted_from_everywhere(turn):
        # Nobody sends garbage a second time: a run that is restarted before it came asks once less.
        first = 1 if index < garbled_at else 2
        for number, at in enumerate(decided_at, first):
            if index < at:
                _decide(again, number)
        assert again.answer() == answer
        assert len(house.inbox.of_run(again.invocation_id)) == first + 1


def test_a_cancelled_run_can_be_restarted_from_everywhere_and_the_session_keeps_what_came_of_it(house: House) -> None:
    turn = house.ask('transfer {"amount": 5}', service="Trial")
    house.inbox.wait_for_request(turn.session)
    turn.cancel()
    turn.outcome()
    [cancelled_at] = _indexes(turn, "Notification: Signal")
    for index, again in _restarted_from_everywhere(turn):
        if index < cancelled_at:
            _decide(again, 1)
        code = again.outcome().status_code
        results = [entry["data"] for entry in house.history(turn.session, "Trial") if entry["kind"] == "tool_result"]
        assert (code, results[-1]["status"]) == ((200, "approved") if index < cancelled_at else (409, "cancelled"))
    assert house.ask('transfer {"amount": 1}', turn.session, "Trial").answer().startswith('[{"transferred": 1}]')


def test_a_restarted_run_waits_for_an_inbox_that_is_away(house: House) -> None:
    turn = house.ask('transfer {"amount": 5}', service="Trial")
    _decide(turn, 1)
    turn.answer()
    [decided_at] = _indexes(turn, "Notification: Signal")
    house.inbox.away = True
    again = turn.restart(decided_at - 1)
    # The engine drops the row's own count and failure after a few tries; its events stay.
    events = f"SELECT event_json FROM sys_journal_events WHERE id = '{again.invocation_id}'"  # noqa: S608
    failure = str(wait_for(lambda: house.query(events), "the run is tried again"))
    assert "the inbox answered 503 to POST /api/requests/sign_1" in failure
    assert "/rebind" in failure
    assert house.inbox.of_run(again.invocation_id) == []
    house.inbox.away = False
    _decide(again, 1)
    assert again.answer() == turn.answer()
