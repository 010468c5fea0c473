"""Whether somebody sees the customers that a search names is told by an index alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_desk")]

    operations = [
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["id", "next_follow_up_at", "owner"],
                condition=Q(archived_at__isnull=True),
                name="customer_by_key",
            ),
        ),
    ]
