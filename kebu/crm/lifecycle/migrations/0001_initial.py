"""When which customer became another type."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0009_by_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TypeTurn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("potential", "潜在客户"),
                            ("prospect", "意向客户"),
                            ("won", "成交客户"),
                            ("lost", "流失客户"),
                        ],
                        max_length=10,
                        verbose_name="原来的类型",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("potential", "潜在客户"),
                            ("prospect", "意向客户"),
                            ("won", "成交客户"),
                            ("lost", "流失客户"),
                        ],
                        max_length=10,
                        verbose_name="后来的类型",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="type_turns",
                        to="customers.customer",
                        verbose_name="客户",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="当时的负责人",
                    ),
                ),
            ],
            options={
                "verbose_name": "类型变更",
                "verbose_name_plural": "类型变更",
                "indexes": [models.Index(fields=["at", "id"], name="type_turn_at")],
            },
        ),
    ]
