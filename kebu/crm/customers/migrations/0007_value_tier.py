"""Columns of the board by value, and who asks for one value, read an index too."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_found_by")]

    operations = [
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["value_tier", "id"], condition=Q(archived_at__isnull=True), name="customer_value"
            ),
        ),
    ]
