"""A stop remembers what it moved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="stop",
            name="stood_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="stop",
            name="stood_step",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="stop",
            name="taken_version",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
    ]
