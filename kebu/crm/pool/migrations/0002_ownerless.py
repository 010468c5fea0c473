"""Customers without an owner are in the pool; who sells may claim them, as in new installations."""

from django.db import migrations

CLAIM, MANAGE = "pool.claim", "pool.manage"
GRANTED = {"sales": [CLAIM], "manager": [CLAIM], "admin": [MANAGE, CLAIM]}  # by the code of shipped roles
STATEMENT = """
    INSERT INTO pool_poolentry (customer_id, since, came, reason, opened_in, is_claimed, closed_in)
    SELECT id, COALESCE(assigned_at, created_at), 'ownerless', '', '', %s, '' FROM customers_customer
    WHERE owner_id IS NULL
"""


def grant(apps, schema_editor):
    for role in apps.get_model("staff", "Role").objects.filter(code__in=GRANTED):
        role.grants = {**dict.fromkeys(GRANTED[role.code], "all"), **role.grants}
        role.save(update_fields=["grants"])


def enter(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(STATEMENT, [False])


class Migration(migrations.Migration):
    dependencies = [("pool", "0001_initial"), ("staff", "0005_grants")]
    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(enter, migrations.RunPython.noop, elidable=False),
    ]
