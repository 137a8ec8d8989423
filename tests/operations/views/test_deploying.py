"""Registering an address, and removing what is drained: the pages between an administrator and the engine."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from approvals.engine import registrar
from operations.models import OperatorEvent
from restate_bridge.deployments import Deployment, list_deployments
from restate_bridge.listed_run import RunState
from tests.engine.engine import Engine
from tests.engine.fixtures import newer_code
from tests.house.house import eventually

NOBODY_THERE = "http://127.0.0.1:9"
NEVER_EXISTED = "dp_17Iksyk3QGM5JqYHPT2E76N"


@pytest.fixture
def signed_in(client: Client, administrator: User) -> Client:
    """An administrator's browser."""
    client.force_login(administrator)
    return client


def seen_in(page: str) -> str:
    """Return what tells the plan on a page from another one."""
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    return str(seen)


def tried(client: Client, uri: str, **fields: str) -> str:
    """Have an address tried, and return the page."""
    return client.post("/deployments/register/", {"uri": uri, **fields}).content.decode()


def only(engine: Engine) -> Deployment:
    (deployment,) = list_deployments(engine.admin)
    return deployment


def test_a_trial_shows_what_would_happen_and_registers_nothing(signed_in: Client, with_engine: Engine) -> None:
    before = only(with_engine)
    with newer_code("newer") as uri:
        page = tried(signed_in, uri)
    for part in (
        "v1 → v2",
        "new service",
        "New handlers:",
        "hurry",
        "can&#x27;t be called any more: announce_one, ask, wait_for_several, wait_twice",
        "and fails where that no longer takes the call",
        "that deployment can&#x27;t be removed: Restless",
    ):
        assert part.replace("&#x27;", "'") in page.replace("&#x27;", "'")
    assert "Nothing that goes on breaks" not in page
    assert f"Type {uri.removeprefix('http://')} to confirm" in page
    assert list_deployments(with_engine.admin) == [before]
    assert not OperatorEvent.objects.exists()


def test_nothing_breaks_where_all_handlers_stay_what_they_are_and_then_nothing_is_typed(
    signed_in: Client, with_fresh_engine: Engine
) -> None:
    with newer_code("same") as uri:
        page = tried(signed_in, uri)
        assert "Nothing that goes on breaks" in page
        assert "no step yet" not in page
        assert "to confirm" not in page
        asked = {"uri": uri, "seen": seen_in(page), "reason": "it is time"}
        assert signed_in.post("/deployments/register/", asked).status_code == 302


def test_what_has_not_begun_is_counted_and_what_of_it_would_fail(signed_in: Client, with_fresh_engine: Engine) -> None:
    engine = with_fresh_engine
    engine.start_waiting()
    engine.start_waiting("look")
    engine.start_waiting("wait_twice")
    later = engine.start("greet", "later", delay="1h")
    eventually(lambda: engine.state(later) is RunState.SCHEDULED)
    with newer_code("all") as uri:
        page = " ".join(re.sub(r"<[^>]+>", " ", tried(signed_in, uri)).split())
    assert "2 runs of it have taken no step yet, and begin with the new code: Waiting for a person 2." in page
    assert "1 of them calls a handler that vanishes: it fails, and is tried again and again." in page
    assert "1 run of it has taken no step yet, and begins with the new code: Scheduled 1." in page


def test_what_was_shown_is_registered_with_a_reason(signed_in: Client, with_fresh_engine: Engine) -> None:
    with newer_code("same") as uri:
        seen = seen_in(tried(signed_in, uri))
        missing = signed_in.post("/deployments/register/", {"uri": uri, "seen": seen, "reason": ""})
        assert (missing.status_code, 'aria-invalid="true"' in missing.content.decode()) == (422, True)
        answer = signed_in.post(
            "/deployments/register/", {"uri": uri, "seen": seen, "reason": "it is time"}, follow=True
        )
    assert "Registered. New runs go there from now on." in answer.content.decode()
    newest, _ = list_deployments(with_fresh_engine.admin)
    assert newest.uri.rstrip("/") == uri
    assert OperatorEvent.objects.earliest("id").reason == "it is time"


def test_a_known_address_changes_nothing_and_offers_nothing(signed_in: Client, with_engine: Engine) -> None:
    page = tried(signed_in, only(with_engine).uri)
    assert "Restate knows this address already" in page
    assert 'name="seen"' not in page


def test_forcing_says_who_breaks_and_wants_the_address_typed(signed_in: Client, with_fresh_engine: Engine) -> None:
    deployment = only(with_fresh_engine)
    for _ in range(2):
        with_fresh_engine.start_waiting()
    page = tried(signed_in, deployment.uri, force="on")
    typed = deployment.uri.partition("//")[2].rstrip("/")
    for part in ("2 runs go on with what is registered", "2 of them wait for people", f"Type {typed} to confirm"):
        assert part in page
    asked = {"uri": deployment.uri, "force": "on", "seen": seen_in(page), "reason": "in a hurry"}
    refused = signed_in.post("/deployments/register/", {**asked, "typed": "yes"})
    assert refused.status_code == 422
    assert "That is not the address. Nothing was done." in refused.content.decode()
    assert "in a hurry" in refused.content.decode()
    assert only(with_fresh_engine).services == deployment.services
    assert signed_in.post("/deployments/register/", {**asked, "typed": typed}).status_code == 302
    assert set(only(with_fresh_engine).services.values()) == {2}


def test_a_service_that_changes_its_kind_is_refused_and_when_forced_confirmed_by_typing(
    signed_in: Client, with_engine: Engine
) -> None:
    with newer_code("other-kind") as uri:
        assert "META0006" in tried(signed_in, uri)
        page = tried(signed_in, uri, force="on")
    assert "It changes from VirtualObject to Service" in page
    assert "Nothing that goes on breaks" not in page
    assert f"Type {uri.removeprefix('http://')} to confirm" in page


@pytest.mark.parametrize(
    ("uri", "status", "words"),
    [
        (NOBODY_THERE, 409, "META0003"),
        ("nonsense", 422, "That is no address"),
        ("ftp://127.0.0.1:9080", 422, "That is no address"),
        ("http://", 422, "That is no address"),
        ("http://127.0.0.1:99999", 422, "That is no address"),
        ("http://[::1", 422, "That is no address"),
        ("http://a b", 422, "That is no address"),
        ("http://somebody:secret@127.0.0.1:9080", 422, "Leave name and password out"),
        ("", 422, "This field is required"),
    ],
)
def test_an_address_that_is_none_is_said_beside_what_was_typed(
    signed_in: Client, with_engine: Engine, uri: str, status: int, words: str
) -> None:
    answer = signed_in.post("/deployments/register/", {"uri": uri, "reason": "because of this"})
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert f'value="{uri}"' in page or not uri
    assert "because of this" in page


def test_an_endpoint_that_went_away_after_the_trial_is_refused_and_the_reason_kept(
    signed_in: Client, with_engine: Engine
) -> None:
    with newer_code("all") as uri:
        seen = seen_in(tried(signed_in, uri))
    answer = signed_in.post("/deployments/register/", {"uri": uri, "seen": seen, "reason": "it is time"})
    assert answer.status_code == 409
    assert "META0003" in answer.content.decode()
    assert "it is time" in answer.content.decode()


def test_what_would_happen_by_now_is_shown_before_it_is_done(signed_in: Client, with_fresh_engine: Engine) -> None:
    with newer_code("same") as first, newer_code("same") as second:
        seen = seen_in(tried(signed_in, second))
        registrar().register(first, force=False, dry_run=False)
        asked = {"uri": second, "seen": seen, "reason": "it is time"}
        answer = signed_in.post("/deployments/register/", asked)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "no longer what you were shown" in page
        assert "v2 → v3" in page
        assert "it is time" in page
        again = signed_in.post("/deployments/register/", {**asked, "seen": seen_in(page)})
    assert again.status_code == 302


def test_what_is_needed_has_a_reason_and_no_button(signed_in: Client, with_engine: Engine) -> None:
    deployment = only(with_engine)
    with_engine.start_waiting()
    path = f"/deployments/{deployment.id}/remove/"
    page = signed_in.get(path).content.decode()
    assert "New runs go there. Runs that began with it go on with it." in page
    assert "<textarea" not in page
    typed = deployment.uri.partition("//")[2].rstrip("/")
    answer = signed_in.post(path, {"reason": "all the same", "typed": typed})
    assert answer.status_code == 409
    assert "all the same" in answer.content.decode()
    assert only(with_engine) == deployment
    assert not OperatorEvent.objects.exists()


def test_what_is_drained_is_removed_with_a_reason_and_the_address_typed(
    signed_in: Client, with_fresh_engine: Engine
) -> None:
    old = only(with_fresh_engine)
    path, typed = f"/deployments/{old.id}/remove/", old.uri.partition("//")[2].rstrip("/")
    with newer_code("all") as uri:
        registrar().register(uri, force=False, dry_run=False)
        assert f"Type {typed} to confirm" in signed_in.get(path).content.decode()
        for missing in ({"reason": "", "typed": typed}, {"reason": "over", "typed": old.id}):
            assert signed_in.post(path, missing).status_code == 422
        answer = signed_in.post(path, {"reason": "over", "typed": typed}, follow=True)
        assert "The deployment is removed." in answer.content.decode()
        assert only(with_fresh_engine).id != old.id
        assert signed_in.get(path).status_code == 404


def test_the_engine_being_away_loses_nothing_that_was_typed(
    signed_in: Client, ask_engine_at: Callable[[str], None]
) -> None:
    ask_engine_at(NOBODY_THERE)
    for path in ("/deployments/register/", f"/deployments/{NEVER_EXISTED}/remove/"):
        answer = signed_in.post(path, {"uri": "http://127.0.0.1:9081", "reason": "it is time", "typed": "x"})
        assert answer.status_code == 503
        assert "it is time" in answer.content.decode()
        assert "can't be reached" in answer.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("path", ["/deployments/register/", f"/deployments/{NEVER_EXISTED}/remove/"])
def test_who_may_not_changes_nothing(client: Client, operator: User, path: str) -> None:
    assert client.post(path, {"uri": NOBODY_THERE, "reason": "why"}).status_code == 403


def test_an_address_of_the_page_fills_in_nothing_for_anybody(signed_in: Client) -> None:
    page = signed_in.get("/deployments/register/?uri=http://evil&force=on&reason=because").content.decode()
    form = page[page.index('id="address"') :]
    assert not any(words in form for words in ("evil", "because", "checked"))
