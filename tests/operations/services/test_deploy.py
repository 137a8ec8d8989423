"""Registering and removing deployments of the real engine, and what the record says of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from operations.errors import (
    InvalidInput,
    NoSuchDeployment,
    NotAllowed,
    NotPossible,
    Refused,
    StillNeeded,
    Unheard,
    Unseen,
)
from operations.models import OperatorEvent
from operations.rules.control import Obstacle, Verb
from operations.rules.draining import Need, confirmation_for
from operations.selectors.deployments import prospect_of
from operations.services.deploy import Registering, register_deployment, remove_deployment
from operations.services.steer import steer_run
from operations.services.steer_many import steer_runs
from operations.services.verbs import Steering
from restate_bridge.deployments import Deployment, list_deployments
from restate_bridge.ids import awakeable_id
from restate_bridge.listed_run import RunState
from restate_bridge.registration import Registrar
from restate_bridge.runs import find_listed
from tests.engine.engine import Engine
from tests.engine.fixtures import newer_code
from tests.house.house import eventually

NOBODY_THERE = "http://127.0.0.1:9"
NEVER_EXISTED = "dp_17Iksyk3QGM5JqYHPT2E76N"


def deployments(engine: Engine) -> list[Deployment]:
    return list_deployments(engine.admin)


def registered(operator: User, uri: str, *, force: bool = False, **changes: Any) -> str:
    """Register an address as it was shown a moment ago, and return the id of the deployment."""
    prospect = prospect_of(uri, force=force)
    fields = {"seen": prospect.plan.digest, "typed": prospect.confirmation, "reason": "it is time"} | changes
    registering = Registering(uri=uri, force=force, **fields)
    return register_deployment(operator=operator, registering=registering).deployment


def remove(operator: User, deployment: Deployment, **changes: str) -> None:
    fields = {"reason": "nobody needs it", "typed": confirmation_for(deployment.uri)} | changes
    remove_deployment(operator=operator, deployment_id=deployment.id, **fields)


def codes() -> list[str]:
    return [event.code for event in OperatorEvent.objects.all()]


def test_a_new_version_is_registered_and_the_old_one_removed_once_its_runs_have_ended(
    administrator: User, with_fresh_engine: Engine
) -> None:
    (old,) = deployments(with_fresh_engine)
    run = with_fresh_engine.start_waiting()
    with newer_code("all") as uri:
        new = registered(administrator, uri)
        assert {deployment.id for deployment in deployments(with_fresh_engine)} == {old.id, new}
        with pytest.raises(StillNeeded) as needed:
            remove(administrator, old)
        assert (needed.value.standing.needs, needed.value.standing.waiting) == ([Need.OLD_RUNS], 1)
        with_fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "yes")
        eventually(lambda: with_fresh_engine.status(run) == "completed")
        remove(administrator, old)
        assert [deployment.id for deployment in deployments(with_fresh_engine)] == [new]
    lines = [f"deployment.{verb}.{line}" for verb in ("register", "remove") for line in ("asked", "answered")]
    assert codes() == lines
    asked, answered, removing, removed = OperatorEvent.objects.all()
    assert (asked.actor, asked.reason, asked.subject) == ("user:administrator", "it is time", uri)
    assert answered.data == {"deployment": new, "services": dict.fromkeys(old.services, 2)}
    assert (removing.subject, removing.data["uri"]) == (old.id, old.uri)
    assert removed.data == {"status": 202, "is_gone": True}


def test_what_new_runs_go_to_is_not_removed(administrator: User, with_engine: Engine) -> None:
    (only,) = deployments(with_engine)
    with pytest.raises(StillNeeded) as needed:
        remove(administrator, only)
    assert Need.NEW_RUNS in needed.value.standing.needs
    assert (deployments(with_engine), codes()) == ([only], [])


def test_overwriting_counts_who_depends_on_it_and_wants_the_address_typed(
    administrator: User, with_fresh_engine: Engine
) -> None:
    (old,) = deployments(with_fresh_engine)
    with_fresh_engine.start_waiting()
    prospect = prospect_of(old.uri, force=True)
    assert prospect.overwritten is not None
    assert (prospect.overwritten.runs, prospect.overwritten.waiting) == (1, 1)
    with pytest.raises(InvalidInput) as refused:
        registered(administrator, old.uri, force=True, typed="127.0.0.1")
    assert (refused.value.field, codes()) == ("typed", [])
    assert registered(administrator, old.uri, force=True) == old.id
    asked = OperatorEvent.objects.earliest("id")
    assert (asked.subject, asked.data["force"], asked.data["pinned"]) == (old.id, True, 1)


def test_what_would_happen_has_to_be_what_was_shown(administrator: User, with_fresh_engine: Engine) -> None:
    with newer_code("all") as first, newer_code("all") as second:
        seen = prospect_of(second, force=False).plan.digest
        registered(administrator, first)
        with pytest.raises(Unseen):
            registered(administrator, second, seen=seen)
    assert len(deployments(with_fresh_engine)) == 2


@pytest.mark.parametrize("verb", ["register", "remove"])
def test_nothing_is_done_without_a_reason(administrator: User, with_fresh_engine: Engine, verb: str) -> None:
    (old,) = deployments(with_fresh_engine)
    with newer_code("all") as uri:
        if verb == "remove":
            registered(administrator, uri)
        with pytest.raises(InvalidInput) as refused:
            registered(administrator, uri, reason=" ") if verb == "register" else remove(administrator, old, reason=" ")
    assert refused.value.field == "reason"
    assert old in deployments(with_fresh_engine)


def test_who_may_only_look_or_steer_changes_no_code(viewer: User, operator: User, with_engine: Engine) -> None:
    (old,) = deployments(with_engine)
    for user in (viewer, operator):
        with pytest.raises(NotAllowed):
            registered(user, old.uri, force=True)
        with pytest.raises(NotAllowed):
            remove(user, old)
    assert (deployments(with_engine), codes()) == ([old], [])


def test_a_removal_without_confirmation_is_none(administrator: User, with_fresh_engine: Engine) -> None:
    (old,) = deployments(with_fresh_engine)
    with newer_code("all") as uri:
        registered(administrator, uri)
        with pytest.raises(InvalidInput) as refused:
            remove(administrator, old, typed=old.id)
    assert refused.value.field == "typed"
    assert len(deployments(with_fresh_engine)) == 2


@pytest.mark.parametrize("odd", [NEVER_EXISTED, "nonsense", ""])
def test_a_deployment_that_is_none_is_not_removed(administrator: User, with_engine: Engine, odd: str) -> None:
    with pytest.raises(NoSuchDeployment):
        remove_deployment(operator=administrator, deployment_id=odd, reason="why", typed="x")


def test_what_the_engine_did_not_answer_stays_open_in_the_record(
    administrator: User,
    with_fresh_engine: Engine,
    ask_engine_at: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (old,) = deployments(with_fresh_engine)
    with newer_code("all") as uri:
        registered(administrator, uri)
        monkeypatch.setattr("operations.services.deploy.registrar", lambda: Registrar(NOBODY_THERE, timeout=0.5))
        with pytest.raises(Unheard):
            remove(administrator, old)
        assert codes()[2:] == ["deployment.remove.asked", "deployment.remove.unheard"]
        with pytest.raises(Unheard):
            registered(administrator, uri, force=True)
        assert codes()[4:] == ["deployment.register.asked", "deployment.register.unheard"]
        ask_engine_at(NOBODY_THERE)
        with pytest.raises(Unheard):
            remove(administrator, old)
    assert len(codes()) == 6


def test_an_endpoint_that_is_gone_meanwhile_is_refused_and_nothing_recorded(
    administrator: User, with_engine: Engine
) -> None:
    with newer_code("all") as uri:
        seen = prospect_of(uri, force=False).plan.digest
    with pytest.raises(Refused, match="META0003"):
        register_deployment(operator=administrator, registering=Registering(uri, "why", seen=seen))
    assert codes() == []


def test_a_run_whose_code_was_removed_begins_anew_with_the_latest_alone(
    client: Client, administrator: User, with_fresh_engine: Engine
) -> None:
    (old,) = deployments(with_fresh_engine)
    run = with_fresh_engine.start_waiting()
    with newer_code("all") as uri:
        new = registered(administrator, uri)
        with_fresh_engine.ingress.resolve_awakeable(awakeable_id(run), "yes")
        eventually(lambda: with_fresh_engine.status(run) == "completed")
        client.force_login(administrator)
        assert 'value="keep"' in client.get(f"/runs/{run}/restart/").content.decode()
        remove(administrator, old)
        page = client.get(f"/runs/{run}/restart/").content.decode()
        assert ('value="keep"' in page, 'value="latest"' in page) == (False, True)
        kept = Steering(Verb.RESTART, "once more", typed="Waiting")
        with pytest.raises(NotPossible) as refused:
            steer_run(operator=administrator, invocation_id=run, steering=kept)
        assert refused.value.obstacle is Obstacle.CODE_IS_GONE
        (one,) = steer_runs(operator=administrator, invocation_ids=[run], steering=replace(kept, typed="1"))
        assert one.obstacle is Obstacle.CODE_IS_GONE
        answer = client.post(f"/runs/{run}/restart/", {"reason": "once more", "typed": "Waiting"})
        again = answer["Location"].split("/")[-2]
        eventually(lambda: with_fresh_engine.state(again) is RunState.WAITING)
        found = find_listed(with_fresh_engine.admin, again)
        assert found is not None
        assert (found.restarted_from, found.deployment) == (run, new)
