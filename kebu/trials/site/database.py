"""Looking at an installation's tables from outside, in plain SQL: a judge does not use the code it judges."""

from typing import Any

from django.db.utils import ConnectionHandler

from kebu.project.databases import database_settings
from kebu.trials.site.installation import Installation


class Database:
    """Reads the database of a throw-away installation; the words of SQL used must suit both engines."""

    def __init__(self, site: Installation) -> None:
        settings = database_settings(site.database, site.folder)
        settings.get("OPTIONS", {}).pop("pool", None)
        self.connection = ConnectionHandler({"default": {}, "site": settings})["site"]
        self.name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[self.connection.vendor]

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())

    def close(self) -> None:
        self.connection.close()
