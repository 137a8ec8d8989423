"""The page between an operator and a run."""

import re
import secrets
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from operations.models import OperatorEvent
from restate_bridge.errors import EngineAway
from restate_bridge.listed_run import RunState
from restate_bridge.runs import restarts_of
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.controls import Unanswering

NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"


def test_it_says_what_will_happen_and_asks_why(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    page = client.get(f"/runs/{run}/kill/").content.decode()
    for part in (
        "No code of it runs any more",
        "Reason, for the record",
        "Type Waiting to confirm",
        "Waiting for a person",
    ):
        assert part in page
    assert with_engine.state(run) is RunState.WAITING


def test_it_is_done_and_the_run_says_so(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    page = client.post(f"/runs/{run}/pause/", {"reason": "a new contract is due"}, follow=True).content.decode()
    assert "The run is paused." in page
    assert with_engine.state(run) is RunState.PAUSED


def test_a_restart_leads_to_the_new_run(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    with_engine.do(run, "cancel")
    eventually(lambda: with_engine.state(run) is RunState.CANCELLED)
    listed = client.get(f"/runs/{run}/").content.decode()
    assert f"/runs/{run}/restart/?entry=1" in listed
    asked = client.get(f"/runs/{run}/restart/?entry=0").content.decode()
    assert "note the id" in asked
    assert "run again" in asked
    kept = client.get(f"/runs/{run}/restart/?entry=1").content.decode()
    assert "up to and with “note the id”" in kept
    assert "run again" not in kept
    answer = client.post(f"/runs/{run}/restart/", {"reason": "again", "typed": "Waiting", "entry": "1"})
    assert answer.status_code == 302
    new = answer["Location"].strip("/").split("/")[-1]
    assert new != run
    eventually(lambda: with_engine.state(new) is RunState.WAITING)


def test_a_restart_warns_of_calls_of_other_runs_and_of_state_that_is_written_again(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_busy("everything", {"word": "x"}, key=(key := secrets.token_hex(4)))
    eventually(lambda: with_engine.state(run) is RunState.WAITING)
    with_engine.do(run, "kill")
    eventually(lambda: with_engine.state(run) is RunState.KILLED)
    asked = client.get(f"/runs/{run}/restart/").content.decode()
    for part in (
        "<li>State “notes” written</li>",
        "<li>look it up</li>",
        f"<li>Call of Restless/{key}-called/greet</li>",
        f"<li>One-way call of Restless/{key}-sent/greet</li>",
        "<li>State “notes” cleared</li>",
    ):
        assert part in asked
    listed = client.get(f"/runs/{run}/").content.decode()
    assert "8 steps run again" in listed
    behind_the_call = max(map(int, re.findall(rf"/runs/{run}/restart/\?entry=(\d+)", listed)))
    last = client.get(f"/runs/{run}/restart/?entry={behind_the_call}").content.decode()
    assert "run again" not in last


def killed(engine: Engine) -> str:
    run = engine.start_waiting()
    engine.do(run, "kill")
    eventually(lambda: engine.state(run) is RunState.KILLED)
    return run


def too_slow(*_arguments: object, **_options: object) -> None:
    raise EngineAway("timed out")


def test_a_run_whose_journal_can_not_be_read_in_time_is_purged_all_the_same(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = killed(with_engine)
    monkeypatch.setattr("operations.selectors.run.read_skeleton", too_slow)
    listed = client.get(f"/runs/{run}/").content.decode()
    assert "From which steps it can be restarted can't be read now." in listed
    assert f'href="/runs/{run}/purge/"' in listed
    assert client.get(f"/runs/{run}/restart/").status_code == 503
    assert client.get(f"/runs/{run}/purge/").status_code == 200
    assert client.post(f"/runs/{run}/purge/", {"reason": "it is in the way"}).status_code == 302
    eventually(lambda: with_engine.state(run) is None)


def test_that_it_can_not_be_read_what_can_be_done_is_said(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_engine.start_waiting()
    monkeypatch.setattr("operations.selectors.run.engine_version", too_slow)
    page = client.get(f"/runs/{run}/").content.decode()
    assert "What can be done to the run can't be read now." in page
    assert "/kill/" not in page


def test_when_no_answer_came_it_says_that_it_may_have_been_done_and_leads_to_the_run(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_engine.start_waiting()
    monkeypatch.setattr("operations.services.verbs.control", lambda: Unanswering(with_engine.server.admin_url))
    answer = client.post(f"/runs/{run}/cancel/", {"reason": "it <b>hangs</b>"})
    assert answer.status_code == 503
    page = answer.content.decode()
    for part in ("it may have been done all the same", "timed out", f'id="look-at" href="/runs/{run}/"'):
        assert part in page
    assert "it &lt;b&gt;hangs&lt;/b&gt;</textarea>" in page


def test_a_restart_that_nobody_heard_of_is_not_done_twice(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = killed(with_engine)
    asked = {"reason": "again", "typed": "Waiting", "restarts": seen_in(client.get(f"/runs/{run}/restart/"))}
    with monkeypatch.context() as patched:
        patched.setattr("operations.services.verbs.control", lambda: Unanswering(with_engine.server.admin_url))
        unheard = client.post(f"/runs/{run}/restart/", asked)
    assert (unheard.status_code, seen_in(unheard)) == (503, "0")
    (new,) = restarts_of(with_engine.admin, run, at_most=9)
    refused = client.post(f"/runs/{run}/restart/", asked)
    assert (refused.status_code, seen_in(refused)) == (409, "1")
    page = refused.content.decode()
    for part in ("was restarted since", f'id="look-at" href="/runs/{new.id}/"', "again</textarea>", 'value="Waiting"'):
        assert part in page
    assert len(restarts_of(with_engine.admin, run, at_most=9)) == 1
    assert client.post(f"/runs/{run}/restart/", asked | {"restarts": seen_in(refused)}).status_code == 302
    assert len(restarts_of(with_engine.admin, run, at_most=9)) == 2


def test_the_restarts_that_there_are_stand_on_the_page_of_another(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = killed(with_engine)
    assert "restarted before" not in client.get(f"/runs/{run}/restart/").content.decode()
    new = with_engine.restart(run, 0)
    answer = client.get(f"/runs/{run}/restart/")
    assert "It was restarted before:" in answer.content.decode()
    assert f'href="/runs/{new}/"' in answer.content.decode()
    assert seen_in(answer) == "1"


def seen_in(answer: Any) -> str:
    """Return how many restarts a page's form says were seen."""
    (number,) = re.findall(r'name="restarts" value="(\d*)"', answer.content.decode())
    return str(number)


@pytest.mark.parametrize("missing", [{"typed": "Waiting"}, {"reason": "why", "typed": "Waitin"}, {"reason": "why"}])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    client: Client, operator: User, with_engine: Engine, missing: dict[str, str]
) -> None:
    run = with_engine.start_waiting()
    answer = client.post(f"/runs/{run}/kill/", missing)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert all(value in page for value in missing.values())
    assert with_engine.state(run) is RunState.WAITING
    assert not OperatorEvent.objects.filter(invocation_id=run).exists()


def test_what_is_not_possible_now_has_a_reason_and_no_button(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_waiting()
    page = client.get(f"/runs/{run}/resume/").content.decode()
    assert "The run is not paused." in page
    assert "<textarea" not in page
    answer = client.post(f"/runs/{run}/resume/", {"reason": "why"})
    assert answer.status_code == 409
    assert "The run is not paused." in answer.content.decode()


def test_the_run_offers_what_is_possible_now(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    page = client.get(f"/runs/{run}/").content.decode()
    for verb in ("pause", "cancel", "kill"):
        assert f'href="/runs/{run}/{verb}/"' in page
    for verb in ("resume", "retry", "restart", "purge"):
        assert f'href="/runs/{run}/{verb}/"' not in page


def test_who_may_only_look_is_offered_nothing_and_refused(client: Client, viewer: User, with_engine: Engine) -> None:
    client.force_login(viewer)
    run = with_engine.start_waiting()
    assert "/kill/" not in client.get(f"/runs/{run}/").content.decode()
    assert client.get(f"/runs/{run}/kill/").status_code == 403
    assert client.post(f"/runs/{run}/cancel/", {"reason": "why"}).status_code == 403
    assert with_engine.state(run) is RunState.WAITING


@pytest.mark.parametrize("path", [f"{NEVER_EXISTED}/kill", "nonsense/kill", f"{NEVER_EXISTED}/dance"])
def test_what_is_no_run_or_no_verb_is_not_found(client: Client, operator: User, with_engine: Engine, path: str) -> None:
    assert client.get(f"/runs/{path}/").status_code == 404


@pytest.mark.parametrize("ask", ["get", "post"])
def test_while_the_engine_is_away_the_page_says_so_and_gives_back_the_reason(
    client: Client, operator: User, ask: str
) -> None:
    answer = getattr(client, ask)(f"/runs/{NEVER_EXISTED}/kill/", {"reason": "it <b>hangs</b>"})
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "nothing was done" in page
    assert ("it &lt;b&gt;hangs&lt;/b&gt;" in page) == (ask == "post")


def test_an_address_types_nothing_for_anybody(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    page = client.get(f"/runs/{run}/kill/?typed=Waiting&reason=because&entry=abc").content.decode()
    assert "because</textarea>" not in page
    assert 'value="Waiting"' not in page


def test_a_step_that_is_none_is_said_beside_what_was_typed(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting()
    with_engine.do(run, "cancel")
    eventually(lambda: with_engine.state(run) is RunState.CANCELLED)
    answer = client.post(f"/runs/{run}/restart/", {"reason": "again", "typed": "Waiting", "entry": "abc"})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert client.get(f"/runs/{run}/restart/?entry=abc").status_code == 200
