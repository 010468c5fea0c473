"""A scope per permission instead of one per role. What somebody could do before he can do after, no more.

Content of customers (and contacts, files, corrections, archiving) was one's own, or as far as the role's scope
with customer.edit_team; the rest reached as far as the scope.
"""

from django.db import migrations, models

CONTENT = ("contact.create", "contact.edit", "file.add", "file.remove")
AS_FAR_AS_EDITING = ("customer.edit", "customer.archive", "interaction.edit")
AS_FAR_AS_LOOKING = ("customer.view", "customer.assign", "interaction.create", "journal.view")
ALONG = {"customer.view": "customer.reveal", "journal.view": "journal.export"}
MASKED_FOR_MARKETING = ("phone", "wechat", "email")
MARKETING = ["customer.create", "customer.import", "customer.view"]


def grants_of(scope, permissions):
    editing = scope if "customer.edit_team" in permissions else "own"
    reach = dict.fromkeys(AS_FAR_AS_EDITING, editing) | dict.fromkeys(AS_FAR_AS_LOOKING, scope)
    grants = {one: reach.get(one, "all") for one in permissions if one != "customer.edit_team"}
    grants |= {new: reach[old] for old, new in ALONG.items() if old in grants}
    return grants | (dict.fromkeys(CONTENT, editing) if "customer.edit" in grants else {})


def carry_over(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.all():
        role.grants = grants_of(role.scope, role.permissions)
        if role.code == "marketing" and sorted(role.permissions) == MARKETING:
            del role.grants["customer.reveal"]
            kinds = ("customer", "contact")
            masked = {f"{kind}.{name}": "masked" for kind in kinds for name in MASKED_FOR_MARKETING}
            role.field_rules = masked | {f"{kind}.birthday": "hidden" for kind in kinds}
        role.save(update_fields=["grants", "field_rules"])


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_disabled_count")]
    operations = [
        migrations.AddField(
            model_name="role",
            name="grants",
            field=models.JSONField(default=dict, verbose_name="权限"),
        ),
        migrations.AddField(
            model_name="role",
            name="field_rules",
            field=models.JSONField(default=dict, verbose_name="字段规则"),
        ),
        migrations.AddField(
            model_name="role",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=False),
        migrations.RemoveField(model_name="role", name="scope"),
        migrations.RemoveField(model_name="role", name="permissions"),
    ]
