"""The rhythms and topics that the requirements name."""

import uuid

from django.db import migrations

from kebu.crm.cadence.shipped import ship_cadence


def ship(apps, schema_editor):
    ship_cadence(
        apps.get_model("cadence", "CadenceRule"), apps.get_model("cadence", "Topic"), is_touched=False
    )
    stamps = apps.get_model("fields", "DirectoryStamp")
    stamps.objects.update_or_create(name="cadence", defaults={"stamp": uuid.uuid4().hex})


class Migration(migrations.Migration):
    dependencies = [("cadence", "0001_initial"), ("fields", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
