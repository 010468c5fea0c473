"""The table of recurring needs becomes that of key dates: its rows, keys and counters stay as they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("customers", "0001_initial"), ("reminders", "0002_proposals")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="KeyDate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                primary_key=True, serialize=False, auto_created=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                        ),
                        ("created_at", models.DateTimeField(editable=False, verbose_name="创建时间")),
                        ("updated_at", models.DateTimeField(editable=False, verbose_name="更新时间")),
                        ("name", models.CharField(max_length=100)),
                        ("cycle_months", models.PositiveSmallIntegerField(default=3)),
                        ("next_on", models.DateField()),
                        ("anchor_day", models.PositiveSmallIntegerField(editable=False)),
                        ("lead_days", models.PositiveSmallIntegerField(default=14)),
                        ("remark", models.CharField(blank=True, max_length=300)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="key_dates",
                                to="customers.customer",
                                verbose_name="客户",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "reminders_needcycle",
                        "indexes": [
                            models.Index(fields=["customer", "next_on", "id"], name="need_customer"),
                            models.Index(
                                condition=models.Q(("is_active", True)),
                                fields=["next_on", "id"],
                                name="need_next",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("anchor_day__gte", 1), ("anchor_day__lte", 31)),
                                name="need_anchor",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.AlterModelTable(name="keydate", table=None),
    ]
