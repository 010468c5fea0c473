"""Values of the office's own fields."""

from django.db import migrations, models

from kebu.base.bulk.columns import AddColumn


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        AddColumn(
            model_name="contact",
            name="custom",
            field=models.JSONField(default=dict, editable=False),
        )
    ]
