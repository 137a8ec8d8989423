"""What happened around a pending request, and what waits for it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.models import AgentService, ApprovalRequest
from approvals.presentation.flags import flags_of
from approvals.rules.staleness import Stale
from approvals.selectors.around import Around, around_request
from approvals.selectors.related import related_to
from approvals.selectors.runs import RunView, view_run
from approvals.services.decide import approve_request, reject_request
from approvals.services.reconciling import withdraw_ended
from restate_bridge.admin import Admin
from tests.announcing import CLAIM, announce, announcement, question
from tests.engine.engine import Engine
from tests.house.house import eventually

GONE = RunView()


def around(user: User, request: ApprovalRequest, run_view: RunView = GONE) -> Around:
    request.refresh_from_db()
    return around_request(request, related_to(user, request), run_view, timezone.now())


def reasons(user: User, request: ApprovalRequest) -> list[Stale]:
    return list(around(user, request).reasons)


def run(**overrides: Any) -> dict[str, Any]:
    return {**announcement().run.model_dump(), **overrides}


def test_nothing_is_wrong_with_a_fresh_request(agent_service: AgentService, reviewer: User) -> None:
    assert around(reviewer, announce(agent_service)) == Around()


def test_what_another_team_said_of_the_same_does_not_make_it_out_of_date(
    agent_service: AgentService, reviewer: User
) -> None:
    together = "0123456789abcdef" * 2
    first, second = (announce(agent_service, together=together) for _ in range(2))
    approve_request(request_id=first.pk, reviewer=reviewer, seen=first.digest)
    assert Stale.DECIDED not in reasons(reviewer, second)


def test_an_old_request_is_flagged_from_the_set_age_on(
    agent_service: AgentService, reviewer: User, settings: Any
) -> None:
    request = announce(agent_service)
    settings.STALE_SECONDS = 3_600
    ApprovalRequest.objects.update(announced_at=timezone.now() - timedelta(minutes=59))
    assert reasons(reviewer, request) == []
    ApprovalRequest.objects.update(announced_at=timezone.now() - timedelta(minutes=61))
    assert reasons(reviewer, request) == [Stale.AGE]


@pytest.mark.parametrize("settled", [False, True])
def test_another_schema_in_a_newer_request_of_the_tool_is_flagged(
    agent_service: AgentService, reviewer: User, settled: bool
) -> None:
    old = announce(agent_service)
    announce(agent_service, run=run(key="k2", session_id="k2"))
    assert reasons(reviewer, old) == []
    other_agent = announce(agent_service, agent="another", arguments_schema={}, run=run(key="k3", session_id="k3"))
    assert reasons(reviewer, old) == []
    newer = announce(agent_service, arguments_schema={}, run=run(key="k4", session_id="k4"))
    if settled:
        withdraw_ended(request_id=newer.pk, at=timezone.now(), reason="the run was killed")
    assert reasons(reviewer, old) == [Stale.SCHEMA]
    assert reasons(reviewer, newer) == []
    assert reasons(reviewer, other_agent) == []


def test_a_schema_from_before_it_was_kept_is_not_taken_for_another(agent_service: AgentService, reviewer: User) -> None:
    old = announce(agent_service)
    ApprovalRequest.objects.update(schema_digest="")
    announce(agent_service, run=run(key="k2", session_id="k2"))
    assert reasons(reviewer, old) == []


def test_the_schemas_digest_is_the_same_in_whatever_order_it_is_written(
    agent_service: AgentService, reviewer: User
) -> None:
    schema = {"type": "object", "maximum": 10**30}
    digests = {
        announce(agent_service, arguments_schema=one).schema_digest for one in (schema, dict(reversed(schema.items())))
    }
    assert len(digests) == 1
    assert announce(agent_service).schema_digest not in digests


class TestTheSameBefore:
    @pytest.mark.parametrize(
        ("verb", "words"), [(approve_request, "Exactly this was approved"), (reject_request, "Exactly this was reject")]
    )
    def test_the_latest_decision_is_named(
        self, agent_service: AgentService, reviewer: User, verb: Any, words: str
    ) -> None:
        before = [announce(agent_service, run=run(session_id=name, key=name)) for name in "ab"]
        for one in before:
            verb(request_id=one.pk, reviewer=reviewer, seen=one.digest, note="so")
        found = around(reviewer, announce(agent_service))
        (flag,) = flags_of(found)
        assert flag.link is not None
        assert (flag.reason, flag.link.pk) == (Stale.DECIDED, before[1].pk)
        assert str(flag.title).startswith(words)

    def test_what_the_viewer_may_not_see_is_not_told(
        self, agent_service: AgentService, reviewer: User, outsider: User
    ) -> None:
        before = announce(agent_service, run=run(session_id="a", key="a"))
        approve_request(request_id=before.pk, reviewer=reviewer, seen=before.digest)
        assert reasons(outsider, announce(agent_service, groups=["legal"])) == []

    def test_not_what_the_head_of_the_page_leads_to_already(self, agent_service: AgentService, reviewer: User) -> None:
        before = announce(agent_service, run=run(session_id="a", key="a"))
        approve_request(request_id=before.pk, reviewer=reviewer, seen=before.digest)
        again = announce(agent_service)
        ApprovalRequest.objects.filter(pk=again.pk).update(restarted_from=before)
        assert reasons(reviewer, again) == []


class TestTheSession:
    def test_a_later_request_of_another_run_says_that_it_went_on(
        self, agent_service: AgentService, reviewer: User
    ) -> None:
        request = announce(agent_service)
        later = announce(agent_service, tool="another", arguments={"n": 1})
        found = around(reviewer, request)
        assert (found.reasons, found.later.pk if found.later else None) == ((Stale.SESSION,), later.pk)
        withdraw_ended(request_id=later.pk, at=timezone.now(), reason="the run was killed")
        assert reasons(reviewer, request) == []

    def test_it_is_said_without_a_link_to_what_the_viewer_may_not_see(
        self, agent_service: AgentService, reviewer: User, outsider: User
    ) -> None:
        request = announce(agent_service)
        announce(agent_service, tool="another", arguments={"n": 1}, groups=["legal"])
        found = around(reviewer, request)
        assert (found.reasons, found.later, found.pending) == ((Stale.SESSION,), None, ())

    def test_the_others_that_wait_are_listed_without_those_of_other_sessions(
        self, agent_service: AgentService, reviewer: User
    ) -> None:
        earlier = announce(agent_service, question(run=run()))
        request = announce(agent_service)
        announce(agent_service, run=run(key="k2", session_id="k2"))
        found = around(reviewer, request)
        assert [one.pk for one in found.pending] == [earlier.pk]
        assert found.reasons == ()

    def test_a_session_of_another_agent_service_is_another_session(
        self, agent_service: AgentService, reviewer: User
    ) -> None:
        stranger = AgentService.objects.create(name="stranger", token_hash="x")
        request = announce(agent_service)
        announce(stranger)
        assert around(reviewer, request) == Around()


def test_a_settled_request_has_no_flags_and_asks_no_engine(
    agent_service: AgentService, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = announce(agent_service)
    announce(agent_service)
    approve_request(request_id=request.pk, reviewer=reviewer, seen=request.digest)
    assert around(reviewer, request, RunView(away="it would be asked")) == Around()


def test_an_engine_that_was_away_is_not_asked_again(
    agent_service: AgentService, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("approvals.selectors.around.surroundings_of", lambda *_: pytest.fail("it was asked"))
    found = around(reviewer, announce(agent_service), RunView(away="Restate can't be reached"))
    assert found == Around(engine_is_away=True)


class TestOnTheEngine:
    @pytest.fixture(autouse=True)
    def _asks_the_engine(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("around", "runs"):
            monkeypatch.setattr(f"approvals.selectors.{module}.admin_for_pages", lambda: engine.admin)

    def test_what_queues_for_the_key_waits_behind_the_request(
        self, agent_service: AgentService, reviewer: User, engine: Engine
    ) -> None:
        url = f"{engine.server.ingress_url}/Waiting/session-1/wait/send"
        first, *_ = [httpx.post(url, trust_env=False).json()["invocationId"] for _ in range(4)]
        eventually(lambda: engine.status(first) == "suspended")
        request = announce(agent_service, announcement(invocation_id=first, arguments=CLAIM))
        eventually(lambda: around(reviewer, request, view_run(first)).calls == 3)
        assert around(reviewer, request, view_run(first)).reasons == ()

    def test_a_run_that_went_ahead_says_that_the_session_went_on(
        self, agent_service: AgentService, reviewer: User, engine: Engine
    ) -> None:
        url = f"{engine.server.ingress_url}/Waiting/session-2/look/send"
        first, second = [httpx.post(url, trust_env=False).json()["invocationId"] for _ in range(2)]
        eventually(lambda: engine.status(second) == "suspended")
        request = announce(agent_service, announcement(invocation_id=first))
        eventually(lambda: around(reviewer, request, view_run(first)).reasons == (Stale.SESSION,))

    def test_a_run_that_the_engine_does_not_know_has_no_flags_and_is_not_away(
        self, agent_service: AgentService, reviewer: User
    ) -> None:
        request = announce(agent_service)
        assert around(reviewer, request, view_run(request.invocation_id)) == Around()


def test_an_engine_that_goes_away_between_two_questions_is_said_to_be_away(
    agent_service: AgentService, reviewer: User, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = engine.start_waiting()
    request = announce(agent_service, announcement(invocation_id=run_id))
    monkeypatch.setattr("approvals.selectors.runs.admin_for_pages", lambda: engine.admin)
    seen = view_run(run_id)
    monkeypatch.setattr("approvals.selectors.around.admin_for_pages", lambda: Admin("http://127.0.0.1:9"))
    assert around(reviewer, request, seen) == Around(engine_is_away=True)
