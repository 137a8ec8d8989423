from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("approvals", "0007_found_waits")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="traceparent",
            field=models.CharField(blank=True, db_default="", max_length=55),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(fields=["announced_by", "-id"], name="request_announced"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "undeliverable"])),
                fields=["state"],
                name="delivery_in_vain",
            ),
        ),
    ]
