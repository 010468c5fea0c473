"""What the desk counts of a team is found in indexes alone.

SQLite takes the youngest of indexes that serve alike: who asks for all live customers of an owner is to read
them almost in the order in which they lie, as ``customer_given`` has them.
"""

from django.db import migrations, models
from django.db.models import Q

LIVE = Q(archived_at__isnull=True)
GIVEN = ["owner", "assigned_at", "created_at", "last_contact_at", "next_follow_up_at", "created_by"]
QUIET = ["owner", "last_contact_at", "customer_type", "created_at"]


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_value_tier")]

    operations = [
        migrations.AddIndex("customer", models.Index(fields=QUIET, condition=LIVE, name="customer_quiet")),
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["owner", "birthday"], condition=LIVE & ~Q(birthday=""), name="customer_born"
            ),
        ),
        migrations.AddIndex("customer", models.Index(fields=GIVEN, condition=LIVE, name="customer_given")),
        migrations.RemoveIndex("customer", "customer_assigned"),
    ]
