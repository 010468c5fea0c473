"""Fragments of four digits, letters or initials are grams now, and SQLite finds an entry by its row id."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from kebu.base.search.renewal import renew


def write_anew(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the grams of every entry; a large book takes some minutes, and may be interrupted."""
    renew(schema_editor.connection, "search_customer")


class Migration(migrations.Migration):
    """Renew the index."""

    atomic = False
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
