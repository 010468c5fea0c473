"""Whose promise falls due when is found without reading all that was ever told."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("interactions", "0007_deep_explained")]

    operations = [
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["our_promise_on", "customer"],
                condition=Q(our_promise_on__isnull=False),
                name="interaction_ours",
            ),
        ),
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["their_promise_on", "customer"],
                condition=Q(their_promise_on__isnull=False),
                name="interaction_theirs",
            ),
        ),
    ]
