"""How far a decision has travelled."""

from django.db import models

from approvals.models.decision import Decision
from approvals.models.request import ApprovalRequest
from approvals.models.verbatim import VerbatimJSONField
from approvals.rules.lifecycle import DeliveryState
from restate_bridge.contract import LONGEST_TRACEPARENT


class Delivery(models.Model):
    """The courier's row for a settled request: what to send, how far it got and when to look again.

    `due_at` is when the courier takes it up next; None when nothing is left to do. A courier that takes it moves
    `due_at` ahead by its lease, so that another one takes over when it dies. From `claimed_at` on, when one took it up
    for the first time, the decision may be on its way and can't be taken back. `traceparent` names the span in which
    it was decided, for the courier and the agent to go on with; empty when nothing is traced.
    """

    request = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="delivery")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="delivery")
    state = models.CharField(
        max_length=15, choices={state.value: state.value for state in DeliveryState}, default=DeliveryState.QUEUED
    )
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = VerbatimJSONField(null=True)
    traceparent = models.CharField(max_length=LONGEST_TRACEPARENT, blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=models.Q(due_at__isnull=False)),
            # What came to nothing, counted for who watches.
            models.Index(
                fields=["state"],
                name="delivery_in_vain",
                condition=models.Q(state__in=["failed", "undeliverable"]),
            ),
        ]

    def __str__(self) -> str:
        return f"delivery of #{self.request_id}: {self.state}"
