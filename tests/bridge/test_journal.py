"""A journal read a stretch at a time, asked of the engine itself."""

import pytest

from operations.rules.restarting import restart_points
from restate_bridge.ids import MalformedId, awakeable_id
from restate_bridge.introspection import read_journal
from restate_bridge.journal import JournalSize, JournalStretch, journal_size, read_bodies, read_skeleton, read_stretch
from restate_bridge.listed_run import RunState
from tests.engine.engine import Engine
from tests.house.house import eventually

WORD = "a-word-that-is-private"
NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


@pytest.fixture(scope="module")
def everything(engine: Engine) -> str:
    """A run that has done all that a journal can hold."""
    run = engine.start_busy("everything", {"word": WORD})
    eventually(lambda: engine.state(run) is RunState.WAITING)
    return run


def whole(engine: Engine, run: str) -> JournalStretch:
    return read_stretch(engine.admin, run, begin=0, at_most=100)


def test_commands_come_in_their_order_with_names_keys_and_what_they_call(engine: Engine, everything: str) -> None:
    lines = whole(engine, everything).lines
    assert [line.kind.removeprefix("Command: ") for line in lines] == [
        *("Input", "GetEagerState", "SetState", "GetEagerStateKeys", "Run", "Run", "Run"),
        *("Sleep", "Call", "OneWayCall", "ClearState", "Run"),
    ]
    by_kind = {line.kind: line for line in lines}
    assert by_kind["Command: SetState"].outline["key"] == "notes"
    assert by_kind["Command: Run"].name == "give up"
    target = by_kind["Command: Call"].outline["invocation_target"]["VirtualObject"]
    assert (target["name"], target["handler"]) == ("Restless", "greet")
    assert by_kind["Command: Call"].outline["invocation_id"].startswith("inv_1")
    assert all(line.at and line.size for line in lines)


def test_nothing_that_it_holds_is_in_the_outline(engine: Engine, everything: str) -> None:
    assert WORD not in repr(whole(engine, everything))


def test_what_it_holds_is_read_by_asking_for_it(engine: Engine, everything: str) -> None:
    stretch = whole(engine, everything)
    indexes = {line.index for line in (*stretch.lines, *stretch.completions.values())}
    bodies = read_bodies(engine.admin, everything, indexes)
    assert set(bodies) == indexes
    found = [bytes(body["payload"]) for body in bodies.values() if "payload" in body]
    assert found == [b'{"word":"%s"}' % WORD.encode()]
    assert WORD not in repr(bodies)
    results = [body["result"] for body in bodies.values() if isinstance(body.get("result"), dict)]
    assert sum(WORD.encode() in bytes(result.get("Success", [])) for result in results) == 2
    assert read_bodies(engine.admin, everything, []) == {}


def test_from_which_steps_it_can_be_restarted_is_known_without_what_they_hold(engine: Engine, everything: str) -> None:
    skeleton = read_skeleton(engine.admin, everything, at_most=100)
    whole_journal = read_journal(engine.admin, everything)
    assert restart_points(skeleton) == restart_points(whole_journal) != []
    assert WORD not in repr(skeleton)
    assert len(read_skeleton(engine.admin, everything, at_most=3)) == 3


def test_what_completed_a_step_is_found_wherever_it_stands(engine: Engine, everything: str) -> None:
    stretch = whole(engine, everything)
    for at_most in (1, 3, 5):
        short = read_stretch(engine.admin, everything, begin=0, at_most=at_most)
        assert short.lines == stretch.lines[:at_most]
        waited_for = {known for line in short.lines for known in line.completion_ids}
        assert set(short.completions) == waited_for
        assert short.after == short.lines[-1].index


def test_what_a_step_failed_with_is_told(engine: Engine, everything: str) -> None:
    stretch = whole(engine, everything)
    failed = [line for line in stretch.completions.values() if line.is_failure]
    assert [line.failure for line in failed] == ["it gave up"]


def test_a_rejection_is_no_failure_of_a_step(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.ingress.reject_awakeable(awakeable_id(run), "a private reason")
    eventually(lambda: engine.state(run) is RunState.FAILED)
    signal = next(line for line in whole(engine, run).lines if line.signal)
    assert (signal.signal, signal.is_failure, signal.failure) == (17, True, "")


def test_a_long_journal_is_walked_in_stretches(engine: Engine) -> None:
    run = engine.start_busy("count", 250)
    eventually(lambda: engine.state(run) is RunState.WAITING)
    assert journal_size(engine.admin, run) == JournalSize(251, 0)
    begin, found = 0, []
    while True:
        stretch = read_stretch(engine.admin, run, begin=begin, at_most=100)
        found.append([line.index for line in stretch.lines])
        if stretch.after is None:
            break
        begin = stretch.after + 1
    assert [len(indexes) for indexes in found] == [100, 100, 51]
    assert [index for indexes in found for index in indexes] == list(range(251))


def test_its_length_is_told_with_how_many_runs_it_calls(engine: Engine, everything: str) -> None:
    assert journal_size(engine.admin, everything) == JournalSize(12, 2)


def test_a_run_that_the_engine_does_not_know_has_no_journal(engine: Engine) -> None:
    stretch = read_stretch(engine.admin, NEVER_EXISTED, begin=0, at_most=9)
    assert (list(stretch.lines), stretch.completions, stretch.after) == ([], {}, None)
    assert journal_size(engine.admin, NEVER_EXISTED) == JournalSize(0, 0)


@pytest.mark.parametrize("nonsense", ["", "x", "inv_1' OR 'a'='a"])
def test_what_is_no_id_is_refused(engine: Engine, nonsense: str) -> None:
    with pytest.raises(MalformedId):
        read_stretch(engine.admin, nonsense, begin=0, at_most=9)
    with pytest.raises(MalformedId):
        read_bodies(engine.admin, nonsense, [1])
