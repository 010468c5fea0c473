"""管理员 keep every permission: the new one joins those that installations have stored.

Roles that grant with scopes give them all to 管理员 anyway; where that came first there is nothing to store.
"""

from django.db import migrations

PERMISSION = "backup.manage"


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code="admin"):
        if PERMISSION not in getattr(role, "permissions", [PERMISSION]):
            role.permissions = [*role.permissions, PERMISSION]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_shipped_roles")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
