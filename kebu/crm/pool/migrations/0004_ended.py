"""Who left the pool lately is found by when he did; by whom he was taken is asked no more."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("pool", "0003_recycling")]
    operations = [
        migrations.RemoveIndex(model_name="poolentry", name="pool_entry_claimed"),
        migrations.AddIndex(
            model_name="poolentry",
            index=models.Index(
                condition=~Q(ended_at__isnull=True), fields=["ended_at"], name="pool_entry_ended"
            ),
        ),
    ]
