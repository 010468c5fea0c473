"""The plans of somebody's next days are counted by the rows beside his name, without being read."""

import json

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, OuterRef, Subquery, Value, When

PLAN, EXECUTOR = "followups.Plan", "followups.PlanExecutor"
CADENCE = "cadence"


def fill(apps, schema_editor):
    """Each row, and each packed row in the bin, tells what its plan says."""
    plans = apps.get_model("followups", "Plan").objects.filter(pk=OuterRef("plan"))
    is_rhythm = Case(When(source=CADENCE, then=True), default=Value(False))
    apps.get_model("followups", "PlanExecutor").objects.update(
        customer=Subquery(plans.values("customer")),
        due_at=Subquery(plans.values("due_at")),
        is_rhythm=Subquery(plans.values(told=is_rhythm)),
    )
    binned = apps.get_model("recycling", "Discarded").objects.filter(payload__contains=f'"{EXECUTOR}"')
    for item in binned.iterator():
        data = json.loads(item.payload)
        rows = dict(data["rows"])
        told = {row["id"]: row for row in rows.get(PLAN, ())}
        for row in rows[EXECUTOR]:
            plan = told[row["plan_id"]]
            row["customer_id"], row["due_at"] = plan["customer_id"], plan["due_at"]
            row["is_rhythm"] = plan["source"] == CADENCE
        item.payload = json.dumps(data, ensure_ascii=False)
        item.save(update_fields=["payload"])


class Migration(migrations.Migration):
    dependencies = [("followups", "0005_executors_start"), ("recycling", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="planexecutor", name="plan_executor_starts"),
        migrations.AddField(
            "planexecutor",
            "customer",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.customer",
                verbose_name="客户",
            ),
        ),
        migrations.AddField("planexecutor", "due_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("planexecutor", "is_rhythm", models.BooleanField(editable=False, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("planexecutor", "due_at", models.DateTimeField(editable=False)),
        migrations.AlterField("planexecutor", "is_rhythm", models.BooleanField(editable=False)),
        migrations.AddIndex(
            model_name="planexecutor",
            index=models.Index(
                fields=["user", "is_open", "starts_at", "plan", "due_at", "customer", "is_rhythm"],
                name="plan_executor_starts",
            ),
        ),
    ]
