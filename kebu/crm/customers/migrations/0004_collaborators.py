"""Collaborators of customers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_value_tier_of_promise"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="collaborator_ids",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.CreateModel(
            name="Collaborator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="版本")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="更新时间")),
                (
                    "level",
                    models.CharField(
                        choices=[("view", "可查看"), ("edit", "可编辑")],
                        default="view",
                        max_length=4,
                        verbose_name="协作权限",
                    ),
                ),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="协作到")),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="collaborators",
                        to="customers.customer",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collaborations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="协作人",
                    ),
                ),
            ],
            options={
                "verbose_name": "协作人",
                "verbose_name_plural": "协作人",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "customer"), name="collaborator_once")
                ],
            },
        ),
    ]
