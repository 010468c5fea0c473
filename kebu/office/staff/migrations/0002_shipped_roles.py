"""The roles every installation starts with (D4), as they were when roles had one scope."""

from django.db import migrations

SELLING = [
    "customer.view",
    "customer.create",
    "customer.edit",
    "customer.archive",
    "interaction.create",
    "interaction.edit",
]
EVERYTHING = [
    *SELLING,
    "customer.edit_team",
    "customer.assign",
    "customer.import",
    "vocabulary.manage",
    "staff.manage",
    "backup.manage",
    "journal.view",
]
ROLES = (
    ("sales", "销售人员", "own", [*SELLING, "customer.import"]),
    ("manager", "销售主管", "subtree", [*SELLING, "customer.import", "customer.assign"]),
    ("service", "客服人员", "own", ["customer.view", "customer.edit", "interaction.create"]),
    ("marketing", "市场人员", "all", ["customer.view", "customer.create", "customer.import"]),
    ("admin", "管理员", "all", EVERYTHING),
    ("auditor", "审计员", "all", ["journal.view"]),
)


def ship(apps, schema_editor):
    for code, name, scope, permissions in ROLES:
        values = {"name": name, "scope": scope, "permissions": permissions}
        apps.get_model("staff", "Role").objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
