"""A request: what an agent asks a person for."""

from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse

from approvals.models.agent_service import AgentService
from approvals.models.verbatim import VerbatimJSONField
from approvals.rules.lifecycle import Status
from restate_bridge.contract import Kind, Risk


class ApprovalRequest(models.Model):
    """What an agent asks a person for, as it was announced, and where it stands.

    Everything above `status` is written once, by the announcement. `announcement_id` is the id in the agent's journaled
    receipt, and the audience of the decision: another one than `awakeable_id` when a run was restarted behind its
    announcement.
    """

    awakeable_id = models.CharField(max_length=100, unique=True)
    announcement_id = models.CharField(max_length=100, db_index=True)
    announced_by = models.ForeignKey(AgentService, on_delete=models.PROTECT, related_name="requests")
    announced_at = models.DateTimeField(auto_now_add=True)
    # Over everything that is decided upon; a repeated announcement must carry the same.
    content_digest = models.CharField(max_length=71)

    kind = models.CharField(max_length=10, choices={kind.value: kind.value for kind in Kind})
    title = models.CharField(max_length=300)
    agent = models.CharField(max_length=200)
    tool = models.CharField(max_length=200)
    arguments = VerbatimJSONField()
    arguments_schema = VerbatimJSONField(default=dict)
    editable = models.JSONField(default=list)
    digest = models.CharField(max_length=71)
    reason = models.TextField(blank=True)
    question = models.TextField(blank=True)
    choices = models.JSONField(default=list)
    context = VerbatimJSONField(default=list)
    context_left_out = models.PositiveIntegerField(default=0)

    risk = models.CharField(max_length=10, choices={risk.value: risk.value for risk in Risk})
    groups = models.ManyToManyField(Group, related_name="approval_requests")
    quorum = models.PositiveSmallIntegerField(default=1)
    requester = models.CharField(max_length=200, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)

    invocation_id = models.CharField(max_length=100, db_index=True)
    service = models.CharField(max_length=200)
    handler = models.CharField(max_length=200)
    key = models.CharField(max_length=500, blank=True)
    session_id = models.CharField(max_length=500, blank=True)

    status = models.CharField(
        max_length=10, choices={status.value: status.value for status in Status}, default=Status.PENDING
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    # The same run asked again; and what a restarted run had asked before it was restarted.
    superseded_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    restarted_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="restarts")
    # When the courier compares it with the engine next, and since when the engine does not know its run.
    check_at = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    # When the first escalation that was not carried out is due; None when there is none.
    escalates_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # The inbox: what is pending, by deadline then age; what was settled, newest first.
            models.Index(fields=["deadline_at", "id"], name="request_pending", condition=models.Q(status="pending")),
            models.Index(
                fields=["escalates_at", "id"],
                name="request_escalates",
                condition=models.Q(status="pending", escalates_at__isnull=False),
            ),
            models.Index(fields=["-settled_at", "-id"], name="request_settled", condition=~models.Q(status="pending")),
            models.Index(fields=["requester", "status"], name="request_requester"),
            models.Index(fields=["check_at"], name="request_check", condition=models.Q(check_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the path of the request's page."""
        return reverse("approvals:request", args=[self.pk])

    @property
    def is_pending(self) -> bool:
        """Whether it still waits for a decision."""
        return self.status == Status.PENDING
