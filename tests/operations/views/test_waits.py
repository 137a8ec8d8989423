"""The pages of waits that nobody announced."""

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import cache
from django.test import Client

from approvals.models import AgentService, ApprovalRequest, Decision, WaitRule
from approvals.rules.found_wait import FoundWait
from approvals.services.found import ask_about_wait, resolve_wait
from operations.models import OperatorEvent
from operations.selectors.engine import shared
from restate_bridge.ids import awakeable_id, run_of
from tests.announcing import announce
from tests.engine.engine import Engine
from tests.house.house import eventually

NOBODY_THERE = "http://127.0.0.1:9"
NEVER_EXISTED = "inv_1foAirY4KKzi7Ci6ukAocRiFVRzU9kk4yu"
SETTLED = {"answer_as": "json", "value": '{"ok": true}', "reason": "I was asked by telephone", "typed": "Waiting"}


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """How young a wait may be is a matter of its own test."""
    monkeypatch.setattr("approvals.selectors.waits.GRACE", timedelta(0))


@pytest.fixture
def wait(with_engine: Engine) -> str:
    """The awakeable of a run that waits, announced by nobody."""
    return awakeable_id(with_engine.start_waiting())


def listed(client: Client) -> str:
    cache.clear()
    return client.get("/waits/").content.decode()


def shown_on(page: str) -> dict[str, str]:
    """Return what a page says that it has shown, as its form sends it."""
    digest = re.search(r'name="seen" value="([^"]*)"', page)
    return {"seen": digest[1] if digest else ""}


def settle(client: Client, wait: str, **other: str) -> Any:
    """Look at a wait, and settle it."""
    shown = shown_on(client.get(f"/waits/{wait}/").content.decode())
    return client.post(f"/waits/{wait}/settle/", SETTLED | shown | other)


def said(**calls: dict[str, Any]) -> str:
    """Return a model's answer that wants these functions called, as ADK's plugin journals it."""
    parts = [{"function_call": {"name": name, "args": arguments}} for name, arguments in calls.items()]
    return json.dumps({"content": {"role": "model", "parts": parts}})


def found(wait: str, run: str) -> FoundWait:
    return FoundWait(wait, run, "Waiting", "wait", "k", "wait", {"a": 1}, [])


def test_a_wait_is_listed_until_somebody_announces_it(
    client: Client, operator: User, with_engine: Engine, agent_service: AgentService, finance: Group
) -> None:
    run = with_engine.start_waiting()
    assert f"wait-{awakeable_id(run)}" in listed(client)
    announce(agent_service, invocation_id=run)
    assert f"wait-{awakeable_id(run)}" not in listed(client)


def test_each_awakeable_of_a_run_is_listed(client: Client, operator: User, with_engine: Engine) -> None:
    run = with_engine.start_waiting("wait_for_several")
    eventually(lambda: all(f"wait-{awakeable_id(run, index)}" in listed(client) for index in (17, 18, 19)))


def test_one_that_has_just_begun_is_left_to_its_agent(
    client: Client, operator: User, wait: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("approvals.selectors.waits.GRACE", timedelta(hours=1))
    assert wait not in listed(client)
    page = client.get(f"/waits/{wait}/").content.decode()
    assert "about to announce it" in page
    assert "Send the answer" not in page


def test_one_whose_request_was_lost_is_told_from_one_that_is_about_to_come(
    client: Client, operator: User, viewer: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = with_engine.start_waiting("announce_one")
    wait, address = awakeable_id(run), f'href="/runs/{run}/cancel/"'
    page = client.get(f"/waits/{wait}/").content.decode()
    assert "about to announce it" in page
    assert address not in page
    monkeypatch.setattr("operations.selectors.waits.LOST_AFTER", timedelta(0))
    page = client.get(f"/waits/{wait}/").content.decode()
    for part in ("there is no request of it here", address, f'class="button" href="/runs/{run}/"'):
        assert part in page
    assert "Send the answer" not in page
    assert wait not in listed(client)
    answer = settle(client, wait)
    assert (answer.status_code, Decision.objects.count()) == (409, 0)
    assert client.get(f"/runs/{run}/cancel/").status_code == 200
    client.force_login(viewer)
    page = client.get(f"/waits/{wait}/").content.decode()
    assert "there is no request of it here" in page
    assert address not in page


def test_the_list_says_who_is_asked_and_by_which_rules(
    client: Client, operator: User, wait: str, finance: Group
) -> None:
    assert "No rule says that reviewers are asked" in listed(client)
    rule = WaitRule.objects.create(service="Waiting")
    rule.groups.add(finance)
    ask_about_wait(wait=found(wait, NEVER_EXISTED), groups=[finance])
    page = listed(client)
    assert wait in page
    assert page.count("finance") == 2
    assert "operations/" not in page


def test_the_list_is_there_when_restate_is_not(
    client: Client, operator: User, ask_engine_at: Callable[[str], None]
) -> None:
    ask_engine_at(NOBODY_THERE)
    assert "Restate can't be asked at the moment. The waits are there again" in listed(client)
    answer = client.post(f"/waits/{awakeable_id(NEVER_EXISTED)}/settle/", SETTLED)
    assert answer.status_code == 503
    assert "I was asked by telephone" in answer.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_what_it_holds_is_shown_and_that_somebody_looked_is_on_record(
    client: Client, operator: User, with_engine: Engine
) -> None:
    run = with_engine.start_waiting()
    page = client.get(f"/waits/{awakeable_id(run)}/").content.decode()
    for part in ("Waiting", run, "Nobody announced it, and nobody was asked.", "Note the id", "Send the answer"):
        assert part.lower() in page.lower()
    client.get(f"/waits/{awakeable_id(run)}/")
    client.post(f"/waits/{awakeable_id(run)}/settle/", SETTLED | {"reason": ""})
    (event,) = OperatorEvent.objects.all()
    assert (event.code, event.actor, event.invocation_id) == ("wait.payload.looked", "user:operator", run)


def test_a_viewer_sees_that_it_waits_and_nothing_that_it_holds(
    client: Client, viewer: User, with_engine: Engine, wait: str
) -> None:
    client.force_login(viewer)
    assert wait in listed(client)
    page = client.get(f"/waits/{wait}/").content.decode()
    assert "What runs hold is not shown to you." in page
    assert "Send the answer" not in page
    assert client.post(f"/waits/{wait}/settle/", SETTLED).status_code == 403
    assert not OperatorEvent.objects.exists()


def test_a_viewer_sees_nothing_of_what_the_model_has_decided(
    client: Client, operator: User, viewer: User, with_engine: Engine
) -> None:
    wait = awakeable_id(with_engine.start_odd(("call LLM", said(pay_out={"amount": 4711}))))
    page = client.get(f"/waits/{wait}/").content.decode()
    for part in ("pay_out(…)", "4711", "Model call", "Wait for a person"):
        assert part in page
    client.force_login(viewer)
    page = client.get(f"/waits/{wait}/").content.decode()
    assert "Model call" in page
    for part in ("pay_out", "4711", "decided to call"):
        assert part not in page
    assert not OperatorEvent.objects.exclude(actor="user:operator").exists()


def test_of_a_long_journal_the_last_steps_are_shown_and_the_way_to_all(
    client: Client, operator: User, with_engine: Engine
) -> None:
    wait = awakeable_id(with_engine.start_odd(*((f"step {number}", "done") for number in range(101))))
    page = client.get(f"/waits/{wait}/").content.decode()
    assert re.findall(r"step-name\">(step \d+)<", page) == [f"step {number}" for number in range(1, 101)]
    assert f'id="all-steps" href="/runs/{run_of(wait)}/"' in page


def test_it_leads_back_to_the_list(client: Client, operator: User, with_engine: Engine, wait: str) -> None:
    page = client.get(f"/waits/{wait}/").content.decode()
    assert '<p class="trail"><span><a href="/waits/">Waits</a></span>' in page


def test_it_is_settled_with_a_decision_a_delivery_and_a_record(
    client: Client, operator: User, with_engine: Engine, wait: str
) -> None:
    answer = settle(client, wait)
    request = ApprovalRequest.objects.get(awakeable_id=wait)
    assert answer["Location"] == request.get_absolute_url()
    decision = request.decisions.get()
    assert (request.status, request.origin, decision.value) == ("approved", "found", {"ok": True})
    assert request.delivery.state == "queued"
    assert [event.code for event in request.events.all()] == ["request.discovered", "request.approved"]
    asked, answered = OperatorEvent.objects.filter(code__startswith="wait.resolve")
    assert (asked.reason, asked.data["value"]) == ("I was asked by telephone", {"ok": True})
    assert answered.data == {"request": request.pk, "decision": str(decision.pk)}
    page = client.get(request.get_absolute_url()).content.decode()
    assert "It is settled." in page
    assert "In the run&#x27;s journal" in page


def test_what_is_told_otherwise_than_it_was_shown_is_shown_anew_with_all_that_was_typed(
    client: Client, operator: User, with_engine: Engine, wait: str, finance: Group
) -> None:
    shown = shown_on(client.get(f"/waits/{wait}/").content.decode())
    ask_about_wait(wait=found(wait, run_of(wait)), groups=[finance])
    invalid = client.post(f"/waits/{wait}/settle/", SETTLED | shown | {"typed": "wrong"})
    assert (invalid.status_code, shown_on(invalid.content.decode())) == (422, shown)
    assert client.post(f"/waits/{wait}/settle/", SETTLED).status_code == 409
    answer = client.post(f"/waits/{wait}/settle/", SETTLED | shown)
    page = answer.content.decode()
    assert answer.status_code == 409
    for part in ("told otherwise now than it was shown", "Nothing was decided.", "by telephone", "ok&quot;: true"):
        assert part in page
    assert not Decision.objects.exists()
    assert client.post(f"/waits/{wait}/settle/", SETTLED | shown_on(page)).status_code == 302
    decision = Decision.objects.get()
    assert (decision.arguments, decision.digest) == ({"a": 1}, shown_on(page)["seen"])


def test_who_may_not_see_what_runs_hold_can_not_settle(
    client: Client, viewer: User, with_engine: Engine, wait: str
) -> None:
    viewer.user_permissions.add(Permission.objects.get(codename="settle_wait"))
    client.force_login(viewer)
    page = client.get(f"/waits/{wait}/").content.decode()
    assert "Only who may see what runs hold can settle it" in page
    assert "Send the answer" not in page
    assert client.post(f"/waits/{wait}/settle/", SETTLED).status_code == 403


def test_it_is_rejected_with_a_text(client: Client, operator: User, with_engine: Engine, wait: str) -> None:
    settle(client, wait, answer_as="reject", value="no\r\nbudget")
    request = ApprovalRequest.objects.get(awakeable_id=wait)
    assert (request.status, request.decisions.get().note) == ("rejected", "no\nbudget")
    assert client.get(f"/waits/{wait}/").content.decode().count("Somebody has settled it.") == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"value": "{not json"}, "This is not JSON: see line 1, column 2."),
        ({"value": ""}, "Write a JSON value"),
        ({"value": "NaN"}, "This is JSON that can&#x27;t be sent."),
        ({"value": "1e999"}, "This is JSON that can&#x27;t be sent."),
        ({"value": '"\\ud800"'}, "This is JSON that can&#x27;t be sent."),
        ({"answer_as": ""}, "Choose what it is resolved with."),
        ({"answer_as": "text", "value": " "}, "Write the text that it is resolved with."),
        ({"answer_as": "reject", "value": " "}, "Write what the run is told as its error."),
        ({"typed": "waiting"}, "That is not the name of the service."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    client: Client, operator: User, with_engine: Engine, wait: str, wrong: dict[str, str], words: str
) -> None:
    answer = settle(client, wait, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    for kept in SETTLED.keys() - wrong.keys() - {"answer_as", "value"}:
        assert SETTLED[kept] in page
    assert not ApprovalRequest.objects.exists()


def test_who_comes_second_is_told(
    client: Client, operator: User, administrator: User, with_engine: Engine, wait: str
) -> None:
    first = found(wait, NEVER_EXISTED)
    resolve_wait(operator=administrator, wait=first, value=1, reason="I was first")
    answer = client.post(f"/waits/{wait}/settle/", SETTLED)
    assert answer.status_code == 409
    assert "Somebody has settled it." in answer.content.decode()
    assert Decision.objects.get().reviewer == administrator


@pytest.mark.parametrize("address", ["nonsense", awakeable_id(NEVER_EXISTED), awakeable_id(NEVER_EXISTED) + "x"])
def test_what_is_no_wait_is_not_found(client: Client, operator: User, with_engine: Engine, address: str) -> None:
    assert client.get(f"/waits/{address}/").status_code == 404
    assert client.post(f"/waits/{address}/settle/", SETTLED).status_code == 404


def test_a_run_that_has_ended_waits_no_more(client: Client, operator: User, with_engine: Engine, wait: str) -> None:
    with_engine.do(run_of(wait), "kill")
    eventually(lambda: "waits no more" in client.get(f"/waits/{wait}/").content.decode())
    assert client.post(f"/waits/{wait}/settle/", SETTLED).status_code == 409
    assert wait not in listed(client)


def test_the_list_of_runs_leads_there(client: Client, operator: User, with_engine: Engine, wait: str) -> None:
    assert f'href="/waits/{wait}/"' in client.get("/runs/").content.decode()


def test_who_may_edit_the_rules_is_led_there(client: Client, operator: User, with_engine: Engine) -> None:
    assert "/admin/approvals/waitrule/" not in listed(client)
    operator.user_permissions.add(Permission.objects.get(codename="change_waitrule"))
    assert "/admin/approvals/waitrule/" in listed(client)


def test_a_list_costs_the_same_however_many_wait(
    client: Client, operator: User, with_engine: Engine, finance: Group, django_assert_max_num_queries: Any
) -> None:
    for run in [with_engine.start_waiting() for _ in range(4)]:
        ask_about_wait(wait=found(awakeable_id(run), run), groups=[finance])
    listed(client)
    with django_assert_max_num_queries(12):
        listed(client)


def test_a_page_ends_behind_a_run_and_leads_to_the_next(
    client: Client, operator: User, with_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [with_engine.start_waiting() for _ in range(3)]
    for name in ("PAGE_SIZE", "WINDOW"):
        seen, page = 0, "/waits/"
        with monkeypatch.context() as smaller:
            smaller.setattr(f"operations.selectors.waits.{name}", 2)
            while page:
                cache.clear()
                text = client.get(page).content.decode()
                seen += sum(awakeable_id(run) in text for run in runs)
                more = re.search(r'id="more" href="([^"]+)"', text)
                page = more[1] if more else ""
        assert seen == len(runs)


@pytest.mark.parametrize("nested", [90, 300, 2_000, 9_990, 20_000])
def test_an_input_that_is_nested_deeply_is_shown_and_the_wait_can_be_settled(
    client: Client, operator: User, with_engine: Engine, nested: int
) -> None:
    wait = awakeable_id(with_engine.start_odd(given=b"[" * nested + b"]" * nested))
    assert wait in listed(client)
    page = client.get(f"/waits/{wait}/")
    assert page.status_code == 200
    assert "[[[" in page.content.decode().replace("\n", "").replace(" ", "")
    assert settle(client, wait, typed="Odd").status_code == 302


@pytest.mark.parametrize("receipt", ['{"announcement_id": 5}', "[" * 20_000])
def test_a_foreign_step_that_is_named_as_ours_spoils_nobodys_list(
    client: Client, operator: User, with_engine: Engine, receipt: str
) -> None:
    wait = awakeable_id(with_engine.start_odd(("announce approval: pay", receipt)))
    assert wait in listed(client)
    assert client.get(f"/waits/{wait}/").status_code == 200


def test_one_behind_many_announced_ones_is_found_without_leafing(
    client: Client,
    operator: User,
    with_fresh_engine: Engine,
    agent_service: AgentService,
    finance: Group,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wait, *announced = [with_fresh_engine.start_waiting() for _ in range(9)]
    for run in announced:
        announce(agent_service, invocation_id=run)
    monkeypatch.setattr("operations.selectors.waits.WINDOW", 2)
    page = listed(client)
    assert awakeable_id(wait) in page
    assert 'id="more"' not in page
    monkeypatch.setattr("operations.selectors.waits._SECONDS", 0)
    page = listed(client)
    assert awakeable_id(wait) not in page
    assert "None among the 2 waiting runs that were looked at." in page
    assert 'id="more"' in page


def test_a_full_page_says_how_far_it_looked(
    client: Client, operator: User, with_fresh_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [with_fresh_engine.start_waiting() for _ in range(3)]
    monkeypatch.setattr("operations.selectors.waits.PAGE_SIZE", 2)
    page = listed(client)
    assert [awakeable_id(run) in page for run in runs] == [False, True, True]
    assert "3 waiting runs were looked at. There are more." in page
    with_fresh_engine.do(runs[0], "kill")
    eventually(lambda: 'id="more"' not in listed(client))


def test_an_answer_that_took_long_is_good_for_longer() -> None:
    asked: list[str] = []

    def ask(what: str) -> str:
        asked.append(what)
        time.sleep(0.05)
        return what

    for _ in range(3):
        assert shared(ask, "x", seconds=0.0, breath=1_000.0) == "x"
    assert asked == ["x"]


def test_administrators_write_the_rules(client: Client, finance: Group) -> None:
    client.force_login(User.objects.create_superuser("superuser"))
    assert client.get("/admin/approvals/waitrule/add/").status_code == 200
    client.post("/admin/approvals/waitrule/add/", {"service": "Desk", "handler": "", "groups": [finance.pk]})
    rule = WaitRule.objects.get()
    assert (str(rule), [group.name for group in rule.groups.all()]) == ("Desk", ["finance"])
    assert client.get("/admin/approvals/waitrule/").status_code == 200
