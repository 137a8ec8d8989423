from django.db import migrations

# Which code a run goes on with is part of steering it: `steer_run` has always been enough for that.
NAMES = {
    "steer_run": (
        "Can pause, resume, cancel, kill, restart and purge runs",
        "Can pause, resume, cancel, kill, restart and purge runs, and move them to other code",
    ),
    "manage_deployment": (
        "Can register and remove deployments, and move runs to another",
        "Can register and remove deployments",
    ),
}


def name_anew(apps, schema_editor):
    _rename(apps, schema_editor, was=0, becomes=1)


def name_as_before(apps, schema_editor):
    _rename(apps, schema_editor, was=1, becomes=0)


def _rename(apps, schema_editor, *, was, becomes):
    # Django makes the rows of permissions with the tables, and leaves the names of those that are there alone.
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for codename, names in NAMES.items():
        found = permissions.filter(content_type__app_label="operations", codename=codename, name=names[was])
        found.update(name=names[becomes])


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("operations", "0003_roles_and_a_wider_record"),
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
                    (
                        "steer_run",
                        "Can pause, resume, cancel, kill, restart and purge runs, and move them to other code",
                    ),
                    ("settle_wait", "Can resolve and reject waits that nobody announced"),
                    ("call_handler", "Can send calls to handlers"),
                    ("edit_state", "Can change and clear the state of sessions"),
                    ("manage_deployment", "Can register and remove deployments"),
                ],
            },
        ),
        migrations.RunPython(name_anew, name_as_before),
    ]
