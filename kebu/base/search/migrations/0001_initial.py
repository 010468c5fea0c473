"""The entries of customers, and the inverted index of the database in use."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "search_customer"
TOKENS = "tokenize=\"ascii tokenchars '#~^='\""
UP = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE {TABLE}_grams USING fts5(grams, content='', contentless_delete=1, detail=none, {TOKENS})",
    ],
    "postgresql": [
        f"ALTER TABLE {TABLE} ADD COLUMN grams text NOT NULL",
        f"ALTER TABLE {TABLE} ALTER COLUMN grams SET STATISTICS 0",
        f"CREATE INDEX {TABLE}_grams ON {TABLE} USING gin (array_to_tsvector(string_to_array(grams, ' ')))",
        f"ALTER INDEX {TABLE}_grams ALTER COLUMN 1 SET STATISTICS 0",
    ],
}
DOWN = {
    "sqlite": [f"DROP TABLE {TABLE}_grams"],
    "postgresql": [f"ALTER TABLE {TABLE} DROP COLUMN grams"],
}


def create_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index of this vendor."""
    for statement in UP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop it again."""
    for statement in DOWN[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Create the table, then its index."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="CustomerEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("names", models.TextField()),
                ("numbers", models.TextField()),
                ("initials", models.TextField()),
                ("syllables", models.TextField()),
                ("labels", models.TextField()),
            ],
            options={"db_table": TABLE},
        ),
        migrations.RunPython(create_index, drop_index),
    ]
