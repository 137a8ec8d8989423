"""What one person, or a deadline, decided."""

import uuid

from django.conf import settings
from django.db import models

from approvals.models.request import ApprovalRequest
from approvals.models.verbatim import VerbatimJSONField
from restate_bridge.contract import Outcome


class Decision(models.Model):
    """What one person decided on a request; a request with a quorum has several.

    `id` is the signed token's ``jti``. `reviewer` is empty when a deadline passed. `arguments` are the final ones
    that this person agreed to, or those with the answer that they filled in, `digest` is theirs; for anything else they
    are None and "". `value` is what a wait that was found is resolved with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="decisions")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="approval_decisions"
    )
    outcome = models.CharField(max_length=10, choices={outcome.value: outcome.value for outcome in Outcome})
    note = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    arguments = VerbatimJSONField(null=True)
    digest = models.CharField(max_length=71, blank=True)
    value = VerbatimJSONField(null=True)
    decided_at = models.DateTimeField()
    # The one that settled the request, and that is signed and delivered.
    settles = models.BooleanField(default=False)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    # The decision that a restarted run took along in its journal: this is its copy, for the restarted run's request.
    kept_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")

    class Meta:
        ordering = ["decided_at"]
        indexes = [
            # The approvals of one person that did not settle: what they wait for with others.
            models.Index(
                fields=["reviewer", "request"],
                name="decision_waiting",
                condition=models.Q(outcome=Outcome.APPROVED, settles=False, taken_back_at=None),
            ),
        ]
        constraints = [
            # The database itself holds the promise: one effective decision a request.
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(settles=True), name="one_settling_decision_a_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.reviewer or 'the deadline'}"

    @property
    def signed_id(self) -> uuid.UUID:
        """The ``jti`` of the token that the agent holds: the original's, when the decision was kept over a restart."""
        return self.kept_from_id or self.id
