"""The plans of somebody's next days are found by their time beside his name."""

import json

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

PLAN, EXECUTOR = "followups.Plan", "followups.PlanExecutor"


def fill(apps, schema_editor):
    """Each row, and each packed row in the bin, tells its plan's time."""
    plans = apps.get_model("followups", "Plan").objects.filter(pk=OuterRef("plan"))
    apps.get_model("followups", "PlanExecutor").objects.update(starts_at=Subquery(plans.values("starts_at")))
    binned = apps.get_model("recycling", "Discarded").objects.filter(payload__contains=f'"{EXECUTOR}"')
    for item in binned.iterator():
        data = json.loads(item.payload)
        rows = dict(data["rows"])
        told = {row["id"]: (row["starts_at"], row["completed_at"] is None) for row in rows.get(PLAN, ())}
        for row in rows[EXECUTOR]:
            row["starts_at"], row["is_open"] = told[row["plan_id"]]
        item.payload = json.dumps(data, ensure_ascii=False)
        item.save(update_fields=["payload"])


class Migration(migrations.Migration):
    dependencies = [("followups", "0004_open_executors"), ("recycling", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="planexecutor", name="plan_executor_open"),
        migrations.AddField("planexecutor", "starts_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("planexecutor", "starts_at", models.DateTimeField(editable=False)),
        migrations.AlterField("planexecutor", "is_open", models.BooleanField(editable=False)),
        migrations.AddIndex(
            model_name="planexecutor",
            index=models.Index(fields=["user", "is_open", "starts_at", "plan"], name="plan_executor_starts"),
        ),
    ]
