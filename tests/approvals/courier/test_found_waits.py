"""Waits that nobody announced, against a real engine: what is sent, how it is proven, and who is asked by a rule."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from approvals.courier.lookout import Lookout
from approvals.courier.reconciler import Reconciler
from approvals.courier.sending import Sending
from approvals.courier.waits import WaitSweep
from approvals.models import AgentService, ApprovalRequest, Delivery, WaitRule
from approvals.rules.found_wait import FoundWait, found_wait
from approvals.services.found import ask_about_wait, reject_wait, resolve_wait
from restate_bridge.admin import Admin
from restate_bridge.health import Health
from restate_bridge.ids import awakeable_id
from restate_bridge.ingress import Ingress
from restate_bridge.introspection import find_run
from restate_bridge.model_calls import RunStory, read_story
from restate_bridge.runs import find_listed
from restate_bridge.waits import waits_of
from tests.announcing import announce
from tests.approvals.courier.rounds import NOWHERE, sending_by
from tests.engine.engine import Engine
from tests.house.house import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def wait_of(engine: Engine, run: str) -> FoundWait:
    listed = find_listed(engine.admin, run)
    assert listed is not None
    return found_wait(waits_of([listed])[0], read_story(engine.admin, run))


def ask(engine: Engine, body: Any) -> str:
    """Start a run that waits for JSON, and return its id."""
    url = f"{engine.server.ingress_url}/Waiting/{timezone.now().timestamp()}/ask/send"
    run = str(httpx.post(url, json=body, trust_env=False).json()["invocationId"])
    eventually(lambda: engine.status(run) == "suspended")
    return run


def output(engine: Engine, run: str) -> Any:
    url = f"{engine.server.ingress_url}/restate/invocation/{run}/output"
    return httpx.get(url, trust_env=False).json()


_HOURS = count(1)


def delivered(sending: Sending, reconciler: Reconciler) -> Delivery:
    """Send and look once, an hour after the last time, and return what is known then."""
    now = timezone.now() + timedelta(hours=next(_HOURS))
    sending.work(now)
    reconciler.work(now)
    return Delivery.objects.select_related("request").get()


@pytest.mark.parametrize("value", [True, None, "text, 한국어", {"amount": 12.5, "items": [1, None]}])
def test_a_value_reaches_the_run_as_it_is_and_its_journal_proves_that(
    engine: Engine, sending: Sending, reconciler: Reconciler, reviewer: User, value: Any
) -> None:
    run = ask(engine, {"city": "Paris"})
    resolve_wait(operator=reviewer, wait=wait_of(engine, run), value=value, reason="asked by telephone")
    delivery = eventually(lambda: found if (found := delivered(sending, reconciler)).state == "received" else None)
    assert delivery is not None
    assert (delivery.due_at, delivery.finished_at) == (None, None)
    eventually(lambda: engine.status(run) == "completed")
    assert output(engine, run) == {"wanted": {"city": "Paris"}, "came": value}
    assert delivery.request.events.filter(code="delivery.read_back").exists()


def test_a_rejection_is_told_as_it_is(engine: Engine, sending: Sending, reconciler: Reconciler, reviewer: User) -> None:
    run = engine.start_waiting()
    reject_wait(operator=reviewer, wait=wait_of(engine, run), text="no budget,\nthis year", reason="as they said")
    eventually(lambda: delivered(sending, reconciler).state == "received")
    eventually(lambda: engine.status(run) == "completed")
    ended = find_run(engine.admin, run)
    assert ended is not None
    assert ended.failure == "[500] no budget,\nthis year"


def test_while_restate_is_away_it_is_kept_and_tried_again(
    engine: Engine, sending: Sending, reconciler: Reconciler, reviewer: User
) -> None:
    run = engine.start_waiting()
    resolve_wait(operator=reviewer, wait=wait_of(engine, run), value=1, reason="why not")
    sending_by(Ingress(NOWHERE)).work(timezone.now())
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert delivery.last_error.startswith("Restate can't be reached")
    sending.work(timezone.now() + timedelta(minutes=1))
    eventually(lambda: delivered(sending, reconciler).state == "received")


def test_what_something_else_answered_first_is_not_taken_for_ours(
    engine: Engine, sending: Sending, reconciler: Reconciler, reviewer: User
) -> None:
    run = engine.start_waiting("wait_twice")
    resolve_wait(operator=reviewer, wait=wait_of(engine, run), value=1, reason="why not")
    engine.ingress.resolve_awakeable(awakeable_id(run), True)
    delivery = delivered(sending, reconciler)
    assert (delivery.state, delivery.last_error) == ("undeliverable", "something else has answered it")


def test_a_decision_for_a_run_that_was_killed_is_not_deliverable(
    engine: Engine, sending: Sending, reconciler: Reconciler, reviewer: User
) -> None:
    run = engine.start_waiting()
    wait = wait_of(engine, run)
    engine.do(run, "kill")
    eventually(lambda: engine.status(run) == "completed")
    resolve_wait(operator=reviewer, wait=wait, value=1, reason="why not")
    delivery = delivered(sending, reconciler)
    assert (delivery.state, delivery.last_error) == ("undeliverable", "the run was killed")


def test_a_paused_run_keeps_it_until_it_is_resumed(
    engine: Engine, sending: Sending, reconciler: Reconciler, reviewer: User
) -> None:
    run = engine.start_waiting("wait_twice")
    wait = wait_of(engine, run)
    engine.do(run, "pause")
    eventually(lambda: engine.status(run) == "paused")
    resolve_wait(operator=reviewer, wait=wait, value=1, reason="why not")
    eventually(lambda: delivered(sending, reconciler).state == "kept")
    engine.do(run, "resume")
    eventually(lambda: delivered(sending, reconciler).state == "received")


class TestARequestThatWasFound:
    @pytest.mark.parametrize(("how", "reason"), [("kill", "the run was killed"), ("cancel", "the run was cancelled")])
    def test_is_withdrawn_when_its_run_has_ended(
        self, engine: Engine, reconciler: Reconciler, finance: Group, how: str, reason: str
    ) -> None:
        run = engine.start_waiting()
        ask_about_wait(wait=wait_of(engine, run), groups=[finance])
        engine.do(run, how)
        eventually(lambda: engine.status(run) == "completed")
        assert withdrawn(reconciler) == reason

    def test_is_withdrawn_when_something_else_has_answered(
        self, engine: Engine, reconciler: Reconciler, finance: Group
    ) -> None:
        run = engine.start_waiting("wait_twice")
        ask_about_wait(wait=wait_of(engine, run), groups=[finance])
        engine.ingress.resolve_awakeable(awakeable_id(run), "from elsewhere")
        assert eventually(lambda: withdrawn(reconciler)) == "something else has answered it"


def withdrawn(reconciler: Reconciler) -> str:
    """Look, and return why the one request was withdrawn; empty when it was not."""
    reconciler.work(timezone.now() + timedelta(hours=1))
    event = ApprovalRequest.objects.get().events.filter(code="request.withdrawn").first()
    return str(event.data["reason"]) if event else ""


class CountingAdmin(Admin):
    """The admin API, with its queries noted."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.asked: list[str] = []

    def query(self, sql: str) -> list[dict[str, Any]]:
        self.asked.append(sql)
        return super().query(sql)


class TestTheSweep:
    @pytest.fixture
    def admin(self, engine: Engine) -> CountingAdmin:
        return CountingAdmin(engine.server.admin_url)

    @pytest.fixture
    def sweep(self, engine: Engine, admin: CountingAdmin) -> WaitSweep:
        return WaitSweep(admin, Lookout(Health(engine.server.ingress_url, admin)), every=timedelta(seconds=10))

    def rule(self, service: str, group: Group, handler: str = "") -> WaitRule:
        rule = WaitRule.objects.create(service=service, handler=handler)
        rule.groups.add(group)
        return rule

    def later(self) -> datetime:
        return timezone.now() + timedelta(minutes=1)

    def test_asks_the_engine_nothing_without_a_rule(self, sweep: WaitSweep, admin: CountingAdmin) -> None:
        assert not sweep.work(self.later())
        assert admin.asked == []

    def test_asks_those_whom_the_rule_names_once_with_what_the_journal_tells(
        self, engine: Engine, sweep: WaitSweep, finance: Group
    ) -> None:
        self.rule("Waiting", finance, "ask")
        run = ask(engine, {"city": "Paris"})
        now = self.later()
        sweep.work(now)
        sweep.work(now + timedelta(seconds=10))
        request = ApprovalRequest.objects.get(invocation_id=run)
        assert (request.title, request.arguments) == ("Waiting: ask", {"input": {"city": "Paris"}})
        assert [group.name for group in request.groups.all()] == ["finance"]
        assert [event.code for event in request.events.all()] == ["request.discovered"]

    def test_leaves_other_handlers_the_announced_and_the_young_alone(
        self, engine: Engine, sweep: WaitSweep, finance: Group, agent_service: AgentService
    ) -> None:
        self.rule("Waiting", finance, "ask")
        other, announced, young = engine.start_waiting(), ask(engine, 1), ask(engine, 2)
        announce(agent_service, invocation_id=announced)
        listed = find_listed(engine.admin, young)
        assert listed is not None
        sweep.work(listed.modified_at + timedelta(seconds=1))
        found = ApprovalRequest.objects.filter(origin="found", invocation_id__in=[other, announced, young])
        assert not found.exists()

    def test_a_handlers_own_rule_goes_before_its_services(
        self, engine: Engine, sweep: WaitSweep, finance: Group
    ) -> None:
        self.rule("Waiting", finance)
        self.rule("Waiting", Group.objects.create(name="legal"), "ask")
        run, other = ask(engine, 1), engine.start_waiting()
        sweep.work(self.later())
        asked = {
            request.invocation_id: [group.name for group in request.groups.all()]
            for request in ApprovalRequest.objects.filter(invocation_id__in=[run, other])
        }
        assert asked == {run: ["legal"], other: ["finance"]}

    def test_looks_at_all_waits_in_turn_a_few_at_a_time(
        self, engine: Engine, sweep: WaitSweep, finance: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("approvals.courier.waits.WINDOW", 2)
        self.rule("Waiting", finance, "ask")
        runs = [ask(engine, number) for number in range(3)]
        now = self.later()

        def asked_all() -> bool:
            nonlocal now
            now += timedelta(seconds=10)
            sweep.work(now)
            return ApprovalRequest.objects.filter(invocation_id__in=runs).count() == 3

        eventually(asked_all)

    def test_asks_about_what_is_nested_deeply_and_goes_on(
        self, engine: Engine, sweep: WaitSweep, finance: Group
    ) -> None:
        self.rule("Odd", finance)
        self.rule("Waiting", finance, "ask")
        runs = [
            engine.start_odd(given=b"[" * 20_000),
            engine.start_odd(("announce approval: pay", '{"announcement_id": 5}')),
            ask(engine, {"city": "Paris"}),
        ]
        sweep.work(self.later())
        assert ApprovalRequest.objects.filter(invocation_id__in=runs).count() == 3

    def test_passes_over_one_in_whose_way_something_is_and_asks_about_the_others(
        self, engine: Engine, sweep: WaitSweep, finance: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.rule("Waiting", finance, "ask")
        runs, odd, tried = [ask(engine, number) for number in range(3)], None, []

        def read(admin: Admin, run: str) -> RunStory:
            tried.append(run)
            if run == odd:
                raise RuntimeError("what nobody thought of")
            return read_story(admin, run)

        monkeypatch.setattr("approvals.courier.waits.read_story", read)
        odd, now = runs[1], self.later()
        sweep.work(now)
        sweep.work(now + timedelta(minutes=1))
        asked = ApprovalRequest.objects.filter(invocation_id__in=runs).values_list("invocation_id", flat=True)
        assert {*asked} == {*runs} - {odd}
        assert tried.count(odd) == 1
        odd = None
        sweep.work(now + timedelta(minutes=10))
        assert ApprovalRequest.objects.filter(invocation_id__in=runs).count() == 3

    def test_outlives_an_engine_that_is_away(self, finance: Group) -> None:
        self.rule("Waiting", finance)
        admin = Admin(NOWHERE)
        sweep, now = WaitSweep(admin, Lookout(Health(NOWHERE, admin)), every=timedelta(seconds=10)), self.later()
        assert not sweep.work(now)
        assert sweep.next_due(now) == now + timedelta(seconds=10)


def test_what_is_sent_is_json_that_the_record_holds(engine: Engine, reviewer: User) -> None:
    run = engine.start_waiting()
    decision = resolve_wait(operator=reviewer, wait=wait_of(engine, run), value={"b": 1.10, "a": "\x00"}, reason="x")
    decision.refresh_from_db()
    assert json.dumps(decision.value) == '{"b": 1.1, "a": "\\u0000"}'
