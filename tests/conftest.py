"""A PostgreSQL server for the session, and the cast."""

import os
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from approvals.models import AgentService
from approvals.services.agents import register_agent_service
from embedded.postgres import EmbeddedPostgres
from tests import settings as test_settings

# A root of its own: another session that starts meanwhile closes the shared one to PostgreSQL's account, and tidies it.
(test_settings.SCRATCH / "tmp").mkdir(exist_ok=True)
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(test_settings.SCRATCH / "tmp"))

pytest_plugins = ["tests.engine.fixtures", "tests.house.fixtures"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    """Run a PostgreSQL server unless DATABASE_URL named one."""
    if not test_settings.OWN_POSTGRES_PORT:
        yield
        return
    with EmbeddedPostgres(test_settings.SCRATCH / "postgres", test_settings.OWN_POSTGRES_PORT):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: None) -> None:
    """Have the server up before Django asks for its test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Let the tests empty the record between them; one test puts the guard back and tries it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("ALTER TABLE approvals_auditevent DISABLE TRIGGER auditevent_never_emptied")


@pytest.fixture
def finance(db: None) -> Group:
    """The group that decides."""
    return Group.objects.create(name="finance")


@pytest.fixture
def requester(db: None) -> User:
    """On whose behalf runs are started."""
    return User.objects.create_user("requester", password="a long password")


@pytest.fixture
def reviewer(finance: Group) -> User:
    """A member of the group that decides."""
    user = User.objects.create_user("reviewer", first_name="Rea", last_name="Viewer", password="a long password")
    user.groups.add(finance)
    return user


@pytest.fixture
def second_reviewer(finance: Group) -> User:
    """Another member."""
    user = User.objects.create_user("second-reviewer", password="a long password")
    user.groups.add(finance)
    return user


@pytest.fixture
def outsider(db: None) -> User:
    """Signed in, and a member of another group."""
    user = User.objects.create_user("outsider", password="a long password")
    user.groups.add(Group.objects.create(name="legal"))
    return user


@pytest.fixture
def agent_service(db: None) -> AgentService:
    """The process that hosts agents."""
    return register_agent_service(name="samples", token=AGENT_TOKEN)


AGENT_TOKEN = "a-token-for-the-tests-of-the-intake-api"
