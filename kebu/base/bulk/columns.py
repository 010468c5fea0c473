"""A new column on a table of any size in no time."""

from typing import Any

from django.db.migrations import AddField


class AddColumn(AddField):
    """Adds a column that has a constant default without writing the rows anew.

    PostgreSQL does so of itself. On SQLite Django would copy the table; here the column is added with its
    default, which the table then keeps and nobody asks for: rows are written with all their values.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "sqlite" or not self.allow_migrate_model(
            schema_editor.connection.alias, model
        ):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        field = model._meta.get_field(self.name)
        told = field.db_parameters(schema_editor.connection)
        default = schema_editor.quote_value(schema_editor.effective_default(field))
        check = f" CHECK ({told['check']})" if told["check"] else ""
        table, column = map(schema_editor.quote_name, (model._meta.db_table, field.column))
        schema_editor.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {told['type']} NOT NULL DEFAULT {default}{check}",
            params=None,
        )
