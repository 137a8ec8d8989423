"""A request: what an agent asks a person for."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse

from approvals.models.agent_service import AgentService
from approvals.models.request_group import RequestGroup
from approvals.models.verbatim import VerbatimJSONField
from approvals.rules.lifecycle import Status
from approvals.rules.origin import Origin
from restate_bridge.contract import MAX_CASE_NAME, Kind, Risk


class ApprovalRequest(models.Model):
    """What an agent asks a person for, as it was announced, and where it stands.

    Everything above `status` is written once, by the announcement. `announcement_id` is the id in the agent's journaled
    receipt, and the audience of the decision: another one than `awakeable_id` when a run was restarted behind its
    announcement. One that was found (see `Origin`) was announced by nobody, unless an agent came to do so too late.
    """

    awakeable_id = models.CharField(max_length=100, unique=True)
    announcement_id = models.CharField(max_length=100, db_index=True)
    announced_by = models.ForeignKey(
        AgentService, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    origin = models.CharField(
        max_length=10,
        choices={origin.value: origin.value for origin in Origin},
        default=Origin.ANNOUNCED,
        db_default=Origin.ANNOUNCED,
    )
    announced_at = models.DateTimeField(auto_now_add=True)
    # Over everything that is decided upon; a repeated announcement must carry the same.
    content_digest = models.CharField(max_length=71)

    kind = models.CharField(max_length=10, choices={kind.value: kind.value for kind in Kind})
    title = models.CharField(max_length=300)
    agent = models.CharField(max_length=200)
    tool = models.CharField(max_length=200)
    arguments = VerbatimJSONField()
    arguments_schema = VerbatimJSONField(default=dict)
    # Of the schema; "" for requests from before it was kept.
    schema_digest = models.CharField(max_length=71, blank=True)
    editable = models.JSONField(default=list)
    reject_reasons = models.JSONField(default=list)
    digest = models.CharField(max_length=71)
    reason = models.TextField(blank=True)
    question = models.TextField(blank=True)
    choices = models.JSONField(default=list)
    context = VerbatimJSONField(default=list)
    context_left_out = models.PositiveIntegerField(default=0)

    risk = models.CharField(max_length=10, choices={risk.value: risk.value for risk in Risk})
    groups = models.ManyToManyField(Group, through=RequestGroup, related_name="approval_requests")
    quorum = models.PositiveSmallIntegerField(default=1)
    requester = models.CharField(max_length=200, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)

    invocation_id = models.CharField(max_length=100, db_index=True)
    service = models.CharField(max_length=200)
    handler = models.CharField(max_length=200)
    key = models.CharField(max_length=500, blank=True)
    session_id = models.CharField(max_length=500, blank=True)
    # The run that the case began with which this run is a part of, and what it is of; empty for one that works alone.
    case_run = models.CharField(max_length=100, blank=True, db_default="", db_index=True)
    case_name = models.CharField(max_length=MAX_CASE_NAME, blank=True, db_default="")
    # What it shares with the requests that were made at the same time; empty for one alone.
    together = models.CharField(max_length=32, blank=True, db_default="", db_index=True)
    # What goes along for people to look at: name, media type, size and digest of each; their content is a `StoredFile`.
    files = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))

    # Whether the agent opens what is sealed with a journal key.
    sealed = models.BooleanField(default=False, db_default=False)

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
    # Who has said that they take care of it; a courtesy among reviewers, no lock.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="claimed_requests"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    # While an operator holds it nobody decides it, and its clock stands still. By ``user:<name>``.
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=200, blank=True)
    held_for = models.TextField(blank=True)

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
            # A person's own: all of them, and what was settled, latest first.
            models.Index(fields=["requester", "-id"], name="request_own"),
            models.Index(
                fields=["requester", "-settled_at", "-id"],
                name="request_own_settled",
                condition=~models.Q(status="pending"),
            ),
            # Everything of one agent or tool, and what ended in one way, for those who see all groups.
            models.Index(fields=["agent", "-id"], name="request_by_agent"),
            models.Index(fields=["tool", "-id"], name="request_by_tool"),
            models.Index(fields=["status", "-id"], name="request_by_outcome", condition=~models.Q(status="pending")),
            # Earlier decisions on the same tool, and on the very same arguments.
            models.Index(fields=["tool", "-settled_at"], name="request_of_tool", condition=~models.Q(status="pending")),
            models.Index(fields=["digest"], name="request_digest"),
            # Those that wait for more approvals.
            models.Index(
                fields=["deadline_at", "id"], name="request_quorum", condition=models.Q(status="pending", quorum__gt=1)
            ),
            # The last announcement of each agent service.
            models.Index(fields=["announced_by", "-id"], name="request_announced"),
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

    @property
    def has_form(self) -> bool:
        """Whether it is a question that is answered by filling in fields."""
        return self.kind == Kind.QUESTION and bool(self.editable)

    @property
    def is_found(self) -> bool:
        """Whether nobody announced it: it is answered with a plain value or text."""
        return self.origin == Origin.FOUND
