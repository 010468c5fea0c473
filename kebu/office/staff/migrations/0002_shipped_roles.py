"""The roles every installation starts with (D4)."""

from django.db import migrations

from kebu.office.staff.actions import ship_roles


def ship(apps, schema_editor):
    ship_roles(apps.get_model("staff", "Role"))


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
