"""From which steps a run can begin anew."""

import pytest

from operations.rules.restarting import EFFECTS, Effect, restart_points
from restate_bridge.introspection import JournalEntry


def entry(index: int, kind: str, name: str = "", **body: object) -> JournalEntry:
    return JournalEntry(index=index, kind=kind, name=name, body=dict(body), at=None)


INPUT = entry(0, "Command: Input")
FIRST = [entry(1, "Command: Run", "first", result_completion_id=1), entry(2, "Notification: Run", completion_id=1)]
SECOND = [entry(3, "Command: Run", "second", result_completion_id=2), entry(4, "Notification: Run", completion_id=2)]
CALL = entry(5, "Command: Call", "", invocation_id_completion_id=3, result_completion_id=4)


def test_each_command_that_is_complete_is_a_place_and_names_what_runs_again() -> None:
    points = restart_points([INPUT, *FIRST, *SECOND])
    first, second = Effect("Run", "first"), Effect("Run", "second")
    assert [(point.entry, point.kept, point.again) for point in points] == [
        (0, "", [first, second]),
        (1, "first", [second]),
        (3, "second", []),
    ]
    assert [point.number_again for point in points] == [2, 1, 0]


@pytest.mark.parametrize("command", EFFECTS)
def test_whatever_does_something_outside_is_named(command: str) -> None:
    (point,) = restart_points([INPUT, entry(1, f"Command: {command}", result_completion_id=1)])
    assert point.again == [Effect(command, "")]


@pytest.mark.parametrize("command", ["GetEagerState", "GetLazyStateKeys", "Sleep", "GetPromise", "AttachInvocation"])
def test_what_only_reads_or_waits_is_not(command: str) -> None:
    (point,) = restart_points([INPUT, entry(1, f"Command: {command}", result_completion_id=1)])
    assert not point.again


@pytest.mark.parametrize("command", ["Call", "OneWayCall"])
@pytest.mark.parametrize(
    ("target", "name"),
    [
        ({"VirtualObject": {"name": "Mail", "key": "someone", "handler": "send"}}, "Mail/someone/send"),
        ({"Service": {"name": "Mail", "handler": "send"}}, "Mail/send"),
        (None, ""),
    ],
)
def test_a_call_is_named_by_whom_it_calls(command: str, target: object, name: str) -> None:
    outline = entry(1, f"Command: {command}", invocation_target=target, invocation_id_completion_id=1)
    whole = entry(1, f"Command: {command}", request={"invocation_target": target}, invocation_id_completion_id=1)
    for call in (outline, whole):
        (point,) = restart_points([INPUT, call])
        assert point.again == [Effect(command, name)]


def test_a_state_is_named_by_its_key() -> None:
    point, behind = restart_points([INPUT, entry(1, "Command: SetState", key="notes")])
    assert (point.again, behind.again) == ([Effect("SetState", "notes")], [])


def test_the_points_of_a_long_journal_share_one_list_of_what_runs_again() -> None:
    points = restart_points([INPUT, *(entry(place, "Command: SetState", key="x") for place in range(1, 100))])
    assert len({id(point.effects) for point in points}) == 1
    assert [len(point.again) for point in points] == [point.number_again for point in points] == [*range(99, -1, -1)]


def test_behind_a_command_that_is_open_there_is_no_place() -> None:
    assert [point.entry for point in restart_points([INPUT, FIRST[0], *SECOND])] == [0]


def test_a_call_is_complete_when_both_of_its_completions_are_there() -> None:
    told = entry(6, "Notification: CallInvocationId", completion_id=3)
    answered = entry(7, "Notification: Call", completion_id=4)
    assert [point.entry for point in restart_points([INPUT, CALL, told])] == [0]
    assert [point.entry for point in restart_points([INPUT, CALL, told, answered])] == [0, 5]


def test_what_was_put_out_is_no_place() -> None:
    assert [point.entry for point in restart_points([INPUT, entry(1, "Command: Output")])] == [0]
