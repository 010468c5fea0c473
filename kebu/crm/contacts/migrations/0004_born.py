"""Birthdays at somebody's customers are found without reading everybody who works there."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_found_by")]

    operations = [
        migrations.AddIndex(
            "contact",
            models.Index(fields=["customer", "birthday"], condition=~Q(birthday=""), name="contact_born"),
        ),
    ]
