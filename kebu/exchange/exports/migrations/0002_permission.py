"""Administrators may export everything, supervisors what they see; who sells, only when his role is given it."""

from django.db import migrations

PERMISSION = "customer.export"
GRANTED = {"admin": "all", "manager": "subtree"}


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code__in=GRANTED):
        role.grants = {PERMISSION: GRANTED[role.code], **role.grants}
        role.save(update_fields=["grants"])


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial"), ("staff", "0005_grants")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
