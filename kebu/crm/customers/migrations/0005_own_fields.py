"""Values of the office's own fields, tags, and what customers are found by of them."""

import django.db.models.deletion
from django.db import migrations, models

from kebu.base.bulk.columns import AddColumn


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_collaborators")]

    operations = [
        AddColumn(
            model_name="customer",
            name="tag_ids",
            field=models.JSONField(default=list, editable=False),
        ),
        AddColumn(
            model_name="customer",
            name="custom",
            field=models.JSONField(default=dict, editable=False),
        ),
        AddColumn(
            model_name="customer",
            name="rolled_up",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.CreateModel(
            name="CustomerChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=40)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "客户的选项",
                "verbose_name_plural": "客户的选项",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("field", "value", "customer"), name="customer_choice_once"
                    )
                ],
            },
        ),
    ]
