from django.db import migrations, models

import approvals.models.verbatim

GUARD = """
CREATE TRIGGER operatorevent_append_only BEFORE UPDATE OR DELETE ON operations_operatorevent
    FOR EACH ROW EXECUTE FUNCTION approvals_auditevent_is_append_only();
"""

UNGUARD = "DROP TRIGGER operatorevent_append_only ON operations_operatorevent;"


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0002_append_only_record_and_bells"),
        ("operations", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="consoleaccess",
            options={
                "permissions": [
                    ("view_run", "Can see runs and their journals"),
                    ("steer_run", "Can pause, resume, cancel, kill, restart and purge runs"),
                ],
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OperatorEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.UUIDField(db_index=True)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=200)),
                ("code", models.CharField(max_length=60)),
                ("invocation_id", models.CharField(db_index=True, max_length=60)),
                ("reason", models.TextField(blank=True)),
                ("data", approvals.models.verbatim.VerbatimJSONField(default=dict)),
            ],
            options={
                "ordering": ["at", "id"],
                "default_permissions": ("view",),
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
