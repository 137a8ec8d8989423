"""The database itself keeps the record from being changed."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from approvals.models import AgentService, AuditEvent
from tests.announcing import announce


@pytest.fixture
def event(agent_service: AgentService, finance: object) -> AuditEvent:
    return announce(agent_service).events.get()


@pytest.fixture
def guarded(event: AuditEvent) -> None:
    """Put back the guard against TRUNCATE, without which the tests empty the record; rolled back with the rest."""
    with connection.cursor() as cursor:
        # PostgreSQL alters no table while checks of this transaction are still to come.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE approvals_auditevent ENABLE TRIGGER auditevent_never_emptied")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE approvals_auditevent SET actor = 'somebody else'",
        "DELETE FROM approvals_auditevent",
        "TRUNCATE approvals_auditevent",
    ],
)
def test_no_statement_changes_deletes_or_empties_the_record(event: AuditEvent, guarded: None, sql: str) -> None:
    with (
        pytest.raises((InternalError, ProgrammingError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert AuditEvent.objects.get() == event


def test_a_request_with_a_record_cannot_be_deleted(event: AuditEvent) -> None:
    with pytest.raises(ProtectedError):
        event.request.delete()
    assert AuditEvent.objects.get() == event
