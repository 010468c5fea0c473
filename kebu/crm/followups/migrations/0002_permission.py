"""Who may log follow-ups and correct them may plan too; the shipped roles get what new installations have."""

from django.db import migrations

LIKE = {"plan.create": "interaction.create", "plan.edit": "interaction.edit"}
SHIPPED = {
    "sales": {"plan.create": "own", "plan.edit": "own"},
    "manager": {"plan.create": "subtree", "plan.edit": "subtree"},
    "service": {"plan.create": "own", "plan.edit": "own"},
    "marketing": {"plan.edit": "own"},
    "admin": {"plan.create": "all", "plan.edit": "all"},
    "auditor": {},
}


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.all():
        alike = {new: role.grants[old] for new, old in LIKE.items() if old in role.grants}
        role.grants = {**SHIPPED.get(role.code, alike), **role.grants}
        role.save(update_fields=["grants"])


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_initial"), ("staff", "0005_grants")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
