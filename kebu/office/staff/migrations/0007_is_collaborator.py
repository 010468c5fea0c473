"""Whether somebody has shares in customers of others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_sign_in")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_collaborator",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
