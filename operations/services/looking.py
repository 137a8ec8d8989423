"""Looking at what is private, put on record."""

from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from approvals.services.recording import by_user
from operations.errors import NotAllowed
from operations.models import OperatorEvent
from operations.rules.roles import Permission
from operations.services.recording import About, note_looked

#: A page that refreshes itself is one look for so long.
ONE_LOOK: Final = timedelta(minutes=10)


def look(*, operator: User, what: str, about: About) -> None:
    """Record that somebody looks at ``what``, such as ``session.state``, unless they did so a moment ago.

    Raises:
        NotAllowed: they may not, and nothing is to be shown.
    """
    if not operator.has_perm(Permission.VIEW_PAYLOAD):
        raise NotAllowed(Permission.VIEW_PAYLOAD)
    since = timezone.now() - ONE_LOOK
    before = OperatorEvent.objects.filter(
        actor=by_user(operator),
        code=f"{what}.looked",
        subject=about.subject,
        invocation_id=about.invocation_id,
        at__gt=since,
    )
    if before.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Two windows of one person that ask at the same moment are one look too.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{operator.pk} {what} {about.subject}"])
        if not before.exists():
            note_looked(operator, what, about)
