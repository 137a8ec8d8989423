"""The operators' record: who did what to what, why, and what came of it."""

from django.db import models

from approvals.models.verbatim import VerbatimJSONField


class OperatorEvent(models.Model):
    """One line of the operators' record. The database refuses to change or delete it (see the migrations).

    An action has two: ``run.kill.asked`` before the engine is called, and behind it ``run.kill.answered``, or
    ``run.kill.unheard`` when no answer came. One that steers has a third, ``run.kill.read``, with the state as it was
    read back. Looking at what is private is one: ``run.payload.looked``. `actor` is
    ``user:<name>``. `invocation_id` is empty for what is not about one run, and `subject` names what it is about:
    ``Claims/a-session/ask`` of a run, ``Claims/a-session`` of a session, the id of a deployment. `data` holds what
    was asked for, and the state before; then the engine's answer and the state after.
    """

    action = models.UUIDField(db_index=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200, db_index=True)
    code = models.CharField(max_length=60)
    invocation_id = models.CharField(max_length=60, blank=True, db_index=True)
    subject = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    data = VerbatimJSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.code} by {self.actor}"
