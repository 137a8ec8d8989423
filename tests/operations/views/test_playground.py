"""The playground."""

import re
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from operations.models import OperatorEvent
from operations.rules.talking import is_talk
from restate_bridge.listed_run import RunState
from restate_bridge.runs import find_listed
from restate_bridge.services import Handler
from tests.engine.engine import Engine
from tests.house.house import eventually
from tests.operations.sessions import address, put, shown, state_of

NOBODY_THERE = "http://127.0.0.1:9"


@pytest.fixture
def key() -> str:
    return f"played-{secrets.token_hex(4)}"


def path_to(handler: str, service: str = "Keeping", **more: str) -> str:
    return f"/playground/call/?{urlencode({'service': service, 'handler': handler, **more})}"


def posted(page: str) -> dict[str, str]:
    """Return what a browser would post of the page's form, untouched."""
    form = page.split('id="decide"')[1].split("</form>")[0] if 'id="decide"' in page else page
    fields: dict[str, str] = {}
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            fields[name[1]] = value[1] if value else ""
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"} | {"unit": "1"}


def fill(client: Client, path: str, **values: str) -> dict[str, str]:
    page = shown(client, path)
    names = {"name": "edit-input/name", "value": "edit-input/value", "input": "edit-input"}
    return posted(page) | {names.get(name, name): value for name, value in values.items()}


def test_it_lists_what_can_be_called(client: Client, operator: User, with_engine: Engine) -> None:
    page = shown(client, "/playground/")
    for part in ("Keeping", "Counting", "Keep a value under a name.", "handler=keep_later"):
        assert part in page


def test_a_form_is_made_of_the_handlers_schema(client: Client, operator: User, with_engine: Engine) -> None:
    page = shown(client, path_to("keep"))
    for part in ("Under which name.", 'name="edit-input/name"', 'name="edit-input/value"', "Add to tags", "Key"):
        assert part in page


def test_what_is_filled_in_is_sent_and_leads_to_the_run(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    given = fill(client, path_to("keep"), key=key, name="count", value="7")
    answer = client.post(path_to("keep"), given)
    assert answer.status_code == 302, answer.content.decode()
    run = answer["Location"].strip("/").split("/")[-1]
    eventually(lambda: state_of(with_engine, key) == {"count": b"7"})
    again = client.post(path_to("keep"), given, follow=True)
    assert again.redirect_chain[0][0].strip("/").split("/")[-1] == run
    assert "That was sent before with the same idempotency key" in again.content.decode()


def test_a_row_is_added_without_losing_what_was_typed_and_sending_nothing(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    given = fill(client, path_to("keep"), key=key, name="count", value="7", reason="to try", idempotency_key="mine")
    (step,) = re.findall(r'value="(add:[^"]+)"', shown(client, path_to("keep")))
    page = client.post(path_to("keep"), given | {"step": step}).content.decode()
    for part in (f'value="{key}"', 'value="count"', 'value="7"', 'value="to try"', 'value="mine"'):
        assert part in page
    (row,) = re.findall(r'name="(edit-input/tags/0)"', page)
    sent = client.post(path_to("keep"), posted(page) | {row: "a tag", "key": key})
    assert sent.status_code == 302
    assert not OperatorEvent.objects.filter(data__isnull=True).exists()
    eventually(lambda: state_of(with_engine, key) == {"count": b"7"})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "count", "value": "seven"}, "Enter a whole number"),
        ({"name": "", "value": "7"}, "This field is required"),
        ({"name": "n" * 41, "value": "7"}, "at most 40 characters"),
        ({"name": "count", "value": "7", "key": ""}, "This field is required"),
        ({"name": "count", "value": "7", "later": "-1"}, "greater than or equal to 1"),
        ({"name": "count", "value": "7", "idempotency_key": "ü ü"}, "without accents"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    client: Client, operator: User, with_engine: Engine, key: str, values: dict[str, str], said: str
) -> None:
    given = fill(client, path_to("keep"), **({"key": key, "reason": "a <b>reason"} | values))
    answer = client.post(path_to("keep"), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "a &lt;b&gt;reason" in page
    assert all(f'value="{value}"' in page for value in values.values() if value)
    assert not OperatorEvent.objects.exists()


def test_json_is_typed_where_there_is_no_schema_or_somebody_wants_to(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    path = path_to("keep", raw="1")
    wrong = client.post(path, {"key": key, "raw": '{"name": "a",'})
    assert wrong.status_code == 422
    assert "line 1, column" in wrong.content.decode()
    assert "{&quot;name&quot;: &quot;a&quot;," in wrong.content.decode()
    assert client.post(path, {"key": key, "raw": '{"name": "a", "value": 3}'}).status_code == 302
    eventually(lambda: state_of(with_engine, key) == {"a": b"3"})


def test_a_service_has_no_key_and_its_input_may_be_no_object(
    client: Client, operator: User, with_engine: Engine
) -> None:
    path = path_to("count", "Counting")
    page = shown(client, path)
    assert 'name="key"' not in page
    run = client.post(path, fill(client, path, input="four"))["Location"].strip("/").split("/")[-1]
    eventually(lambda: with_engine.state(run) is RunState.COMPLETED)


def test_a_workflow_is_called_once_for_its_key_and_is_given_no_idempotency_key(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    path = path_to("run", "Signing")
    page = shown(client, path)
    assert 'name="idempotency_key"' not in page
    assert "It runs once for each key." in page
    given = fill(client, path, key=key) | {"edit-input/message": "hello", "edit-input/user": "nobody"}
    answer = client.post(path, given)
    assert answer.status_code == 302, answer.content.decode()
    run = answer["Location"].strip("/").split("/")[-1]
    eventually(lambda: state_of(with_engine, key, "Signing") == {"said": b'"hello"'})
    again = client.post(path, given, follow=True)
    assert again.redirect_chain[0][0].strip("/").split("/")[-1] == run
    assert "It was begun before with the same key." in again.content.decode()


def test_a_shared_handler_of_a_workflow_is_called_with_an_idempotency_key(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    path = path_to("read", "Signing")
    given = fill(client, path, key=key) | {"edit-input/message": "hello", "edit-input/user": "nobody"}
    assert given["idempotency_key"]
    first, again = (client.post(path, given) for _ in range(2))
    assert first.status_code == again.status_code == 302, first.content.decode()
    assert first["Location"] == again["Location"]
    run = first["Location"].strip("/").split("/")[-1]
    eventually(lambda: with_engine.state(run) is RunState.COMPLETED)


def test_a_workflow_is_safe_to_send_again_while_the_ingress_is_away(
    client: Client, operator: User, with_engine: Engine, key: str, settings: Any
) -> None:
    from approvals import engine

    path = path_to("run", "Signing", raw="1")
    settings.RESTATE_INGRESS_URL = NOBODY_THERE
    engine.ingress.cache_clear()
    answer = client.post(path, {"key": key, "raw": '{"message": "hello"}'})
    assert answer.status_code == 503
    assert "with the same key it runs once" in answer.content.decode()


def test_a_workflow_is_no_agent_to_talk_to(client: Client, operator: User, with_engine: Engine) -> None:
    page = shown(client, "/playground/")
    assert "Talking/ask" in page
    assert "Signing/" not in page


def test_a_handler_that_takes_nothing_is_sent_nothing_now_or_later(
    client: Client, operator: User, with_engine: Engine, key: str
) -> None:
    path = path_to("greet", "Restless")
    assert "It takes no input." in shown(client, path)
    answer = client.post(path, {"key": key, "later": "2", "unit": "3600"})
    run = find_listed(with_engine.admin, answer["Location"].strip("/").split("/")[-1])
    assert run is not None
    assert run.state is RunState.SCHEDULED
    assert run.scheduled_for is not None
    assert 7_100 < (run.scheduled_for - run.created_at).total_seconds() < 7_300


@pytest.mark.parametrize("path", [path_to("dance"), path_to("keep", "Nobody"), "/playground/call/"])
def test_what_can_not_be_called_is_not_found(client: Client, operator: User, with_engine: Engine, path: str) -> None:
    cache.clear()
    assert client.get(path).status_code == 404
    assert client.post(path, {"key": "a"}).status_code == 404


def test_what_the_engine_refuses_is_said_in_its_words(
    client: Client, operator: User, with_engine: Engine, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: Any, **__: Any) -> None:
        from operations.errors import Refused

        raise Refused("the <b>service</b> is gone")

    given = fill(client, path_to("keep"), key=key, name="count", value="7")
    monkeypatch.setattr("operations.views.playground.call_handler", refusing)
    answer = client.post(path_to("keep"), given)
    assert answer.status_code == 409
    assert "the &lt;b&gt;service&lt;/b&gt; is gone" in answer.content.decode()
    assert f'value="{key}"' in answer.content.decode()


def test_while_the_ingress_is_away_the_form_comes_back_as_it_was(
    client: Client, operator: User, with_engine: Engine, key: str, settings: Any
) -> None:
    from approvals import engine

    given = fill(client, path_to("keep"), key=key, name="count", value="7")
    settings.RESTATE_INGRESS_URL = NOBODY_THERE
    engine.ingress.cache_clear()
    answer = client.post(path_to("keep"), given)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "it is safe to send it again" in page
    assert posted(page)["idempotency_key"] == given["idempotency_key"]
    assert 'value="count"' in page


def test_while_the_engine_is_away_what_was_typed_can_be_sent_again(
    client: Client, operator: User, ask_engine_at: Callable[[str], None], key: str
) -> None:
    ask_engine_at(NOBODY_THERE)
    assert "be asked at the moment" in client.get("/playground/").content.decode()
    answer = client.post(path_to("keep"), {"key": key, "edit-input/name": "a <b>name"})
    assert answer.status_code == 503
    assert 'value="a &lt;b&gt;name"' in answer.content.decode()
    assert client.get(path_to("keep")).status_code == 503


def test_who_may_only_look_is_shown_no_playground(client: Client, viewer: User, with_engine: Engine, key: str) -> None:
    client.force_login(viewer)
    put(with_engine, key, {"session_store::s": b'{"events": []}'})
    assert "/playground/" not in shown(client, address(key))
    for path in ("/playground/", path_to("keep"), "/playground/talk/"):
        assert client.get(path).status_code == 403
    assert client.post(path_to("keep"), {"key": key}).status_code == 403
    assert client.post("/playground/talk/", {"key": key}).status_code == 403


@pytest.mark.parametrize(
    ("properties", "required", "is_one"),
    [
        ({"message": {"type": "string"}, "user": {"type": "string"}}, ["user", "message"], True),
        ({"message": {"type": "string"}}, [], True),
        ({"message": {"type": "string"}, "amount": {"type": "number"}}, ["amount"], False),
        ({"message": {"type": "object"}}, ["message"], False),
        ({"text": {"type": "string"}}, [], False),
        (3, [], False),
        ({"message": True}, 7, False),
    ],
)
def test_an_agent_is_what_takes_a_message_and_nothing_else_but_who(
    properties: Any, required: Any, is_one: bool
) -> None:
    assert is_talk(Handler("ask", schema={"properties": properties, "required": required})) is is_one
    assert not is_talk(Handler("ask"))
