"""Who told late is counted in an index."""

from django.db import migrations, models

import kebu.base.fields.apart


class Migration(migrations.Migration):
    dependencies = [("interactions", "0004_promise_days")]

    operations = [
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["author", "happened_at"],
                condition=models.Q(kebu.base.fields.apart.MoreThanADayApart("created_at", "happened_at")),
                name="interaction_late",
            ),
        ),
    ]
