"""Told late: a day without a time counts from its end."""

from django.db import migrations, models

import kebu.base.fields.apart

LATE = models.Q(kebu.base.fields.apart.MoreThanADayAfter("created_at", "happened_at"))


class Migration(migrations.Migration):
    dependencies = [("interactions", "0005_late")]

    operations = [
        migrations.RemoveIndex("interaction", "interaction_late"),
        migrations.AddIndex(
            "interaction",
            models.Index(fields=["author", "happened_at"], condition=LATE, name="interaction_late"),
        ),
    ]
