"""Who looks at the console, and at which engine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client

from approvals import engine as connections
from tests.engine.engine import Engine
from tests.engine.fixtures import engine_in


def in_role(role: str) -> User:
    """Return somebody of a role."""
    user = User.objects.create_user(role.removeprefix("console-").removesuffix("s"))
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def viewer(db: None) -> User:
    """Somebody who may look, and see nothing private."""
    return in_role("console-viewers")


@pytest.fixture
def operator(client: Client, db: None) -> User:
    """Somebody who may steer, signed in."""
    user = in_role("console-operators")
    client.force_login(user)
    return user


@pytest.fixture
def administrator(db: None) -> User:
    """Somebody who may do all that the console can."""
    return in_role("console-administrators")


@pytest.fixture
def ask_engine_at(settings: Any) -> Iterator[Callable[[str], None]]:
    """Return what has everything ask the engine at an address, and forget what another one said."""
    clients = (
        connections.admin,
        connections.admin_for_pages,
        connections.control,
        connections.ingress,
        connections.registrar,
        connections.state_keeper,
    )

    def forget() -> None:
        cache.clear()
        for client in clients:
            client.cache_clear()

    def ask_at(url: str) -> None:
        settings.RESTATE_ADMIN_URL = url
        # Where calls go; nobody answers there unless a test says so.
        settings.RESTATE_INGRESS_URL = "http://127.0.0.1:9"
        forget()

    yield ask_at
    forget()


@pytest.fixture
def with_engine(
    engine: Engine, ask_engine_at: Callable[[str], None], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Engine:
    """Have everything ask the tests' engine; how long a page waits for what comes of a verb is no matter of tests."""
    ask_engine_at(engine.server.admin_url)
    monkeypatch.setattr("operations.services.verbs._HEEDED_WITHIN", 30.0)
    settings.RESTATE_INGRESS_URL = engine.server.ingress_url
    monkeypatch.setattr("operations.services.session_state._CARRIED_OUT_WITHIN", 30.0)
    return engine


@pytest.fixture(scope="session")
def engine_without_vqueues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine whose scheduler feature is off: it is so from the making of its data folder on."""
    folder = tmp_path_factory.mktemp("without-vqueues")
    with engine_in(folder, {"RESTATE_EXPERIMENTAL_ENABLE_VQUEUES": "false"}) as engine:
        yield engine


@pytest.fixture
def with_fresh_engine(fresh_engine: Engine, ask_engine_at: Callable[[str], None]) -> Engine:
    """Have everything ask an engine of the test's own, in which code may come and go."""
    ask_engine_at(fresh_engine.server.admin_url)
    return fresh_engine
