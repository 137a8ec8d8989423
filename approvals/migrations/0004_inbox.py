import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

WIDEN = """
ALTER TABLE approvals_approvalrequest_groups
    ADD COLUMN due_at timestamptz, ADD COLUMN risk_rank smallint, ADD COLUMN announced_at timestamptz,
    ADD COLUMN tool_id bigint CONSTRAINT approvals_requestgroup_tool
        REFERENCES approvals_knowntool DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN status varchar(10), ADD COLUMN settled_at timestamptz;
CREATE INDEX approvals_requestgroup_tool ON approvals_approvalrequest_groups (tool_id);
-- The unique constraint that Django made has a name of its own in each database; the one below takes its place.
DO $$
DECLARE old text;
BEGIN
    SELECT conname INTO STRICT old FROM pg_constraint
    WHERE conrelid = 'approvals_approvalrequest_groups'::regclass AND contype = 'u';
    EXECUTE format('ALTER TABLE approvals_approvalrequest_groups DROP CONSTRAINT %I', old);
END
$$;
INSERT INTO approvals_knowntool (group_id, agent, tool)
SELECT DISTINCT asked.group_id, request.agent, request.tool
FROM approvals_approvalrequest_groups asked JOIN approvals_approvalrequest request ON request.id = asked.approvalrequest_id;
UPDATE approvals_approvalrequest_groups asked
SET due_at = coalesce(request.deadline_at, '9999-01-01Z'),
    risk_rank = CASE request.risk WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END,
    announced_at = request.announced_at, tool_id = known.id, status = request.status, settled_at = request.settled_at
FROM approvals_approvalrequest request, approvals_knowntool known
WHERE request.id = asked.approvalrequest_id AND known.group_id = asked.group_id
    AND known.agent = request.agent AND known.tool = request.tool;
-- What was written has checks of foreign keys waiting, which would keep the table from being altered further.
SET CONSTRAINTS ALL IMMEDIATE;
"""
NARROW = """
ALTER TABLE approvals_approvalrequest_groups
    ADD CONSTRAINT approvals_approvalrequest_groups_uniq UNIQUE (approvalrequest_id, group_id),
    DROP COLUMN due_at, DROP COLUMN risk_rank, DROP COLUMN announced_at, DROP COLUMN tool_id, DROP COLUMN status,
    DROP COLUMN settled_at;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0003_escalations_restarts_and_second_thoughts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="preferences",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10)),
                ("theme", models.CharField(blank=True, max_length=5)),
                ("hints_dismissed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "preferences",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=2000)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="approvals.approvalrequest",
                    ),
                ),
                ("words", models.TextField()),
                ("vector", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="claimed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claimed_requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="reject_reasons",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="schema_digest",
            field=models.CharField(blank=True, max_length=71),
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "addressee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments_to_answer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="approvals.approvalrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["written_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="KnownTool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agent", models.CharField(max_length=200)),
                ("tool", models.CharField(max_length=200)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="known_tools", to="auth.group"
                    ),
                ),
            ],
            options={
                "ordering": ["agent", "tool"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("socket", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to="approvals.approvalrequest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        # The table is the one that Django made for the groups of a request; it gains columns and keeps its rows.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="RequestGroup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_at", models.DateTimeField(editable=False, null=True)),
                        ("risk_rank", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("announced_at", models.DateTimeField(editable=False, null=True)),
                        ("status", models.CharField(editable=False, max_length=10, null=True)),
                        ("settled_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "tool",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                to="approvals.knowntool",
                            ),
                        ),
                        ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                        (
                            "request",
                            models.ForeignKey(
                                db_column="approvalrequest_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                to="approvals.approvalrequest",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "approvals_approvalrequest_groups",
                    },
                ),
                migrations.AlterField(
                    model_name="approvalrequest",
                    name="groups",
                    field=models.ManyToManyField(
                        related_name="approval_requests", through="approvals.RequestGroup", to="auth.group"
                    ),
                ),
            ],
            database_operations=[migrations.RunSQL(WIDEN, NARROW)],
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(
                condition=models.Q(("status", "pending"), _negated=True),
                fields=["tool", "-settled_at"],
                name="request_of_tool",
            ),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(fields=["digest"], name="request_digest"),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(
                condition=models.Q(("quorum__gt", 1), ("status", "pending")),
                fields=["deadline_at", "id"],
                name="request_quorum",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to="auth.group",
            ),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="search_by_word"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("words"), name="gin_trgm_ops"
                ),
                name="search_by_part",
            ),
        ),
        migrations.AddField(
            model_name="snooze",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="snoozes", to="approvals.approvalrequest"
            ),
        ),
        migrations.AddField(
            model_name="snooze",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="snoozes", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("addressee__isnull", False), ("answered_at", None)),
                fields=["addressee", "request"],
                name="comment_open",
            ),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(fields=["requester", "-id"], name="request_own"),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(
                condition=models.Q(("status", "pending"), _negated=True),
                fields=["requester", "-settled_at", "-id"],
                name="request_own_settled",
            ),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(fields=["agent", "-id"], name="request_by_agent"),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(fields=["tool", "-id"], name="request_by_tool"),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(
                condition=models.Q(("status", "pending"), _negated=True),
                fields=["status", "-id"],
                name="request_by_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("outcome", "approved"), ("settles", False), ("taken_back_at", None)),
                fields=["reviewer", "request"],
                name="decision_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="knowntool",
            constraint=models.UniqueConstraint(fields=("group", "agent", "tool"), name="a_group_knows_a_tool_once"),
        ),
        migrations.AddIndex(
            model_name="requestgroup",
            index=models.Index(
                condition=models.Q(("settled_at", None)),
                fields=["group", "due_at", "request"],
                name="queue_by_deadline",
            ),
        ),
        migrations.AddIndex(
            model_name="requestgroup",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["group", "risk_rank", "request"], name="queue_by_risk"
            ),
        ),
        migrations.AddIndex(
            model_name="requestgroup",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["group", "request"], name="queue_by_age"
            ),
        ),
        migrations.AddIndex(
            model_name="requestgroup",
            index=models.Index(
                condition=models.Q(("settled_at", None), _negated=True),
                fields=["group", "-settled_at", "-request"],
                name="queue_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="requestgroup",
            index=models.Index(fields=["group", "-request"], name="queue_of_everything"),
        ),
        migrations.AddIndex(
            model_name="requestgroup",
            index=models.Index(
                condition=models.Q(("settled_at", None), _negated=True),
                fields=["group", "status", "-settled_at", "-request"],
                name="queue_by_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestgroup",
            constraint=models.UniqueConstraint(fields=("request", "group"), name="a_group_decides_a_request_once"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="one_view_an_owner_and_name"),
        ),
        migrations.AddConstraint(
            model_name="snooze",
            constraint=models.UniqueConstraint(fields=("user", "request"), name="one_snooze_a_person_and_request"),
        ),
    ]
