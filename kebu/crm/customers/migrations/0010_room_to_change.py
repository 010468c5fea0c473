"""On PostgreSQL pages of customers keep some room: who is changed finds it on his own page, and of his seventy
indexes only those are written whose columns changed. Pages from before keep as much as they have."""

from django.db import migrations

STATEMENT = "ALTER TABLE customers_customer SET (fillfactor = 85)"


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(STATEMENT)


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_by_key")]
    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop)]
