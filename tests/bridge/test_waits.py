"""What runs wait on, and how the journal tells what becomes of it, asked of the engine itself."""

import json
from typing import Any

import pytest

from restate_bridge.admin import Admin
from restate_bridge.ids import MalformedId, awakeable_id, run_of
from restate_bridge.introspection import read_journal
from restate_bridge.listed_run import RunState
from restate_bridge.model_calls import read_story
from restate_bridge.runs import find_listed
from restate_bridge.waits import Answer, Wait, announced_in_journals, answers_of, open_waits, waits_of
from tests.engine.engine import Engine
from tests.house.house import eventually

DEEP = "[" * 20_000 + "]" * 20_000


def noted_ids(engine: Engine, run: str) -> list[str]:
    results = [entry.body.get("result", {}) for entry in read_journal(engine.admin, run)]
    written = next((result["Success"] for result in results if "Success" in result), None)
    return list(json.loads(bytes(written))) if written else []


def waits(engine: Engine, run: str) -> list[Wait]:
    found = find_listed(engine.admin, run)
    return waits_of([found]) if found else []


def waits_on(engine: Engine, run: str, number: int) -> list[Wait]:
    return eventually(lambda: found if len(found := waits(engine, run)) == number else [], what="the run to wait")


def test_the_ids_of_several_awakeables_of_several_runs_are_derived_as_the_runs_noted_them(engine: Engine) -> None:
    for _ in range(3):
        run = engine.start_waiting("wait_for_several")
        found = [wait.id for wait in waits_on(engine, run, 3)]
        assert found == noted_ids(engine, run)
        assert {run_of(awakeable) for awakeable in found} == {run}


def test_the_way_back_from_an_awakeable_takes_nothing_that_is_written_otherwise(engine: Engine) -> None:
    derived = awakeable_id(engine.start_waiting())
    run_of(derived)
    for written in (
        derived[:-1] + chr(ord(derived[-1]) + 1),
        derived + "!",
        derived[:20] + "*" + derived[20:],
        "sign_1",
    ):
        with pytest.raises(MalformedId):
            run_of(written)


def test_a_run_that_waits_on_several_at_once_waits_for_people_and_on_what_is_not_answered(engine: Engine) -> None:
    run = engine.start_waiting("wait_for_several")
    first, second, third = waits_on(engine, run, 3)
    assert engine.state(run) is RunState.WAITING
    engine.ingress.resolve_awakeable(second.id, "yes")
    eventually(lambda: open_waits(engine.admin, [first, second, third]) == [first, third])
    assert open_waits(engine.admin, []) == []


@pytest.mark.parametrize("value", [None, True, 12.5, "text, 한국어", {"a": [1, None]}, []])
def test_a_json_value_arrives_as_it_was_sent_and_stands_in_the_journal(engine: Engine, value: Any) -> None:
    run = engine.start_waiting("wait_for_several")
    wait = waits_on(engine, run, 3)[0]
    engine.ingress.resolve_awakeable(wait.id, value)
    answers = eventually(lambda: answers_of(engine.admin, [run]))
    answer = answers[run, wait.index]
    assert not answer.is_rejection
    assert json.loads(answer.text) == value


def test_the_first_answer_counts_and_a_rejection_is_told_with_its_text(engine: Engine) -> None:
    run = engine.start_waiting("wait_twice")
    engine.ingress.reject_awakeable(awakeable_id(run), "no,\nnot this")
    engine.ingress.resolve_awakeable(awakeable_id(run), "too late")
    eventually(lambda: engine.status(run) == "completed")
    assert answers_of(engine.admin, [run])[run, 17] == Answer(is_rejection=True, text="no,\nnot this")
    assert answers_of(engine.admin, []) == {}


def test_a_run_that_announces_nothing_has_nothing_announced_in_its_journal(engine: Engine) -> None:
    run = engine.start_waiting()
    assert announced_in_journals(engine.admin, waits_on(engine, run, 1)) == set()
    assert announced_in_journals(engine.admin, []) == set()


def test_a_receipt_in_the_journal_speaks_for_the_awakeable_that_it_names_alone(engine: Engine) -> None:
    run = engine.start_waiting("announce_one")
    told, untold = waits_on(engine, run, 2)
    assert announced_in_journals(engine.admin, [told, untold]) == {told.id}


def test_a_restarted_run_that_holds_a_receipt_tells_the_inbox_by_itself(engine: Engine) -> None:
    run = engine.start_waiting("announce_one")
    waits_on(engine, run, 2)
    engine.do(run, "kill")
    eventually(lambda: engine.status(run) == "completed")
    behind_it = next(entry.index for entry in read_journal(engine.admin, run) if "announce" in entry.name) + 1
    told, untold = waits_on(engine, engine.restart(run, behind_it), 2)
    assert announced_in_journals(engine.admin, [told, untold]) == {told.id}


@pytest.mark.parametrize("receipt", ['{"announcement_id": 5}', '{"announcement_id": "sign_1"}', "[]", "no JSON", DEEP])
def test_a_step_of_somebody_elses_that_is_named_as_ours_is_no_receipt(engine: Engine, receipt: str) -> None:
    run = engine.start_odd(("announce approval: pay", receipt))
    assert announced_in_journals(engine.admin, waits_on(engine, run, 1)) == set()


@pytest.mark.parametrize("nested", [50, 20_000])
def test_what_is_nested_too_deeply_to_be_read_is_told_as_text(engine: Engine, nested: int) -> None:
    text = "[" * nested + "]" * nested
    story = read_story(engine.admin, engine.start_odd(given=text.encode()))
    assert story.input == (text if nested > 50 else json.loads(text))


def test_of_what_is_no_receipt_nothing_large_is_read_and_of_many_the_last_ones_tell(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = ("announce approval: pay", json.dumps({"announcement_id": "x" * 200_000}))
    run = engine.start_odd(large, *[("announce question: ask", "{}")] * 3, ("announce the news", "{}"))
    admin = Noting(engine.server.admin_url)
    found = waits_on(engine, run, 1)
    assert announced_in_journals(admin, found) == set()
    assert [sum(name in row for row in rows) for rows, name in zip(admin.rows, ("id", "entry"), strict=True)] == [4, 3]
    monkeypatch.setattr("restate_bridge.waits._ANNOUNCEMENTS", 2)
    admin.rows.clear()
    assert announced_in_journals(admin, found) == set()
    assert [len(rows) for rows in admin.rows] == [2, 2]


class Noting(Admin):
    """The admin API, with what it has answered."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.rows: list[list[dict[str, Any]]] = []

    def query(self, sql: str) -> list[dict[str, Any]]:
        self.rows.append(super().query(sql))
        return self.rows[-1]


class AdminWith(Admin):
    """An admin API that answers what a test says."""

    def __init__(self, *answers: list[dict[str, Any]]) -> None:
        super().__init__("http://127.0.0.1:9")
        self._answers = list(answers)

    def query(self, sql: str) -> list[dict[str, Any]]:
        return self._answers.pop(0)


def test_while_an_announcement_is_under_way_it_may_be_of_any_awakeable(engine: Engine) -> None:
    run = engine.start_waiting("wait_for_several")
    found = waits_on(engine, run, 3)
    step = {"id": run, "entry_lite_json": '{"Command":{"Run":{"completion_id":4,"name":"announce question: ask"}}}'}
    assert announced_in_journals(AdminWith([step], []), found) == {wait.id for wait in found}
