"""What a restarted run takes along, asked of the engine itself."""

import httpx

from restate_bridge.ids import awakeable_id
from restate_bridge.introspection import read_journal
from restate_bridge.restarts import Ancestor, read_restart
from tests.engine.engine import Engine
from tests.house.house import eventually


def completed(engine: Engine, token: str) -> str:
    run = engine.start_waiting()
    engine.ingress.resolve_awakeable(awakeable_id(run), token)
    eventually(lambda: engine.status(run) == "completed")
    return run


def restart(engine: Engine, run: str, step: int) -> str:
    answer = httpx.patch(
        f"{engine.server.admin_url}/invocations/{run}/restart-as-new?from={step}", trust_env=False
    ).raise_for_status()
    return str(answer.json()["new_invocation_id"])


def place_of(engine: Engine, run: str, kind: str) -> int:
    return next(entry.index for entry in read_journal(engine.admin, run) if entry.kind == kind)


def test_a_run_that_nobody_restarted_is_no_restart(engine: Engine) -> None:
    assert read_restart(engine.admin, engine.start_waiting(), 17) is None


def test_a_run_that_is_restarted_before_the_answer_waits_again(engine: Engine) -> None:
    run = completed(engine, "the token")
    again = restart(engine, run, place_of(engine, run, "Notification: Run"))
    eventually(lambda: engine.status(again) == "suspended")
    found = read_restart(engine.admin, again, 17)
    assert found is not None
    assert (found.ancestors, found.answer) == ((Ancestor(run, had_answer=False),), None)


def test_an_answer_that_reaches_the_restarted_run_later_was_not_copied_along(engine: Engine) -> None:
    run = completed(engine, "the token")
    again = restart(engine, run, place_of(engine, run, "Notification: Run"))
    eventually(lambda: engine.status(again) == "suspended")
    engine.ingress.resolve_awakeable(awakeable_id(again), "the token")
    eventually(lambda: engine.status(again) == "completed")
    found = read_restart(engine.admin, again, 17)
    assert found is not None
    assert found.answer is None


def test_a_run_that_is_restarted_behind_the_answer_takes_it_along(engine: Engine) -> None:
    run = completed(engine, "the token")
    again = restart(engine, run, place_of(engine, run, "Notification: Signal"))
    eventually(lambda: engine.status(again) == "completed")
    found = read_restart(engine.admin, again, 17)
    assert found is not None
    assert (found.ancestors, found.answer) == ((Ancestor(run, had_answer=True),), "the token")


def test_the_text_of_a_rejection_is_taken_along_too(engine: Engine) -> None:
    run = engine.start_waiting()
    engine.ingress.reject_awakeable(awakeable_id(run), "Rejected by Rea\nthe token")
    eventually(lambda: engine.status(run) == "completed")
    again = restart(engine, run, place_of(engine, run, "Notification: Signal"))
    found = eventually(lambda: read_restart(engine.admin, again, 17))
    assert found is not None
    assert found.answer == "Rejected by Rea\nthe token"


def test_an_answer_that_came_between_two_restarts_did_not_come_from_the_first_run(engine: Engine) -> None:
    first = completed(engine, "the token")
    second = restart(engine, first, place_of(engine, first, "Notification: Run"))
    eventually(lambda: engine.status(second) == "suspended")
    engine.ingress.resolve_awakeable(awakeable_id(second), "another")
    eventually(lambda: engine.status(second) == "completed")
    third = restart(engine, second, place_of(engine, second, "Notification: Signal"))
    found = eventually(lambda: read_restart(engine.admin, third, 17))
    assert found is not None
    assert found.answer == "another"
    assert found.ancestors == (Ancestor(second, had_answer=True), Ancestor(first, had_answer=False))
