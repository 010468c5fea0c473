"""What waits for the customer is found among a million open plans."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0002_permission")]
    operations = [
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                condition=models.Q(("completed_at__isnull", True)),
                fields=["status", "starts_at", "id"],
                name="plan_status",
            ),
        ),
    ]
