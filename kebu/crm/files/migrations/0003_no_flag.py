"""A file is there or in the bin: no flag any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0002_into_the_bin"), ("customers", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="file", name="file_customer"),
        migrations.RemoveField(model_name="file", name="removed_at"),
        migrations.AddIndex(
            model_name="file",
            index=models.Index(fields=["customer", "-id"], name="file_of_customer"),
        ),
    ]
