"""管理员 keep every permission: the new one joins those that installations have stored."""

from django.db import migrations

PERMISSION = "job.manage"


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code="admin"):
        role.grants = {PERMISSION: "all", **role.grants}
        role.save(update_fields=["grants"])


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0005_grants")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
