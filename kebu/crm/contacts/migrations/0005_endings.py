"""PostgreSQL finds birthdays of a week by how they end, whoever's customers they are at."""

from django.db import migrations, models
from django.db.models import F, Q

from kebu.base.fields.endings import Ending


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_born")]

    operations = [
        migrations.AddIndex(
            "contact",
            models.Index(Ending("birthday"), F("customer"), condition=~Q(birthday=""), name="contact_ending"),
        ),
    ]
