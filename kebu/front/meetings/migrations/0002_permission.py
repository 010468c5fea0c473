"""Who assigns the customers of others holds their meetings; the shipped roles get what new installations have."""

from django.db import migrations

RIGHT, LIKE = "meeting.lead", "customer.assign"
SHIPPED = {
    "sales": False,
    "service": False,
    "marketing": False,
    "auditor": False,
    "manager": True,
    "admin": True,
}


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.all():
        if SHIPPED.get(role.code, LIKE in role.grants):
            role.grants = {RIGHT: "all", **role.grants}
            role.save(update_fields=["grants"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("staff", "0005_grants")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
