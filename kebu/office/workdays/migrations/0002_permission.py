"""管理员 keep every permission, and the calendar is remembered from the start."""

import uuid

from django.db import migrations

PERMISSION = "cadence.manage"


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code="admin"):
        role.grants = {PERMISSION: "all", **role.grants}
        role.save(update_fields=["grants"])
    stamps = apps.get_model("fields", "DirectoryStamp")
    stamps.objects.update_or_create(name="workdays", defaults={"stamp": uuid.uuid4().hex})


class Migration(migrations.Migration):
    dependencies = [("workdays", "0001_initial"), ("staff", "0005_grants"), ("fields", "0001_initial")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
