"""管理员 keep every permission: the new one joins those that installations have stored."""

from django.db import migrations

PERMISSION = "backup.manage"


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code="admin"):
        if PERMISSION not in role.permissions:
            role.permissions = [*role.permissions, PERMISSION]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_shipped_roles")]
    run_before = [("staff", "0005_grants")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
