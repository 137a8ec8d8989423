from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0002_operators_record"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="consoleaccess",
            options={
                "default_permissions": (),
                "managed": False,
                "permissions": [
                    ("view_run", "Can see runs, sessions, deployments and health"),
                    ("view_payload", "Can see what runs and sessions hold; looking is recorded"),
                    ("steer_run", "Can pause, resume, cancel, kill, restart and purge runs"),
                    ("settle_wait", "Can resolve and reject waits that nobody announced"),
                    ("call_handler", "Can send calls to handlers"),
                    ("edit_state", "Can change and clear the state of sessions"),
                    ("manage_deployment", "Can register and remove deployments, and move runs to another"),
                ],
            },
        ),
        migrations.AddField(
            model_name="operatorevent",
            name="subject",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="operatorevent",
            name="actor",
            field=models.CharField(db_index=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="operatorevent",
            name="at",
            field=models.DateTimeField(db_index=True),
        ),
        migrations.AlterField(
            model_name="operatorevent",
            name="invocation_id",
            field=models.CharField(blank=True, db_index=True, max_length=60),
        ),
    ]
