"""Who carries out open plans is told apart from who carried out those that have ended."""

from django.db import migrations, models


def close(apps, schema_editor):
    rows = apps.get_model("followups", "PlanExecutor").objects.filter(plan__completed_at__isnull=False)
    rows.update(is_open=False)


class Migration(migrations.Migration):
    dependencies = [("followups", "0003_status")]
    operations = [
        migrations.AddField(
            model_name="planexecutor",
            name="is_open",
            field=models.BooleanField(default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="planexecutor",
            index=models.Index(fields=["user", "is_open", "plan"], name="plan_executor_open"),
        ),
        migrations.RunPython(close, migrations.RunPython.noop, elidable=True),
    ]
