from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0004_batches"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="corrected",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrow",
            name="is_corrected",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("is_corrected", True)),
                fields=["source", "number"],
                name="import_row_corrected",
            ),
        ),
    ]
