"""What only PostgreSQL has."""

from typing import Any, Self

from psycopg import Cursor


class PreparingCursor(Cursor[Any]):
    """Binds values in the server and has each statement prepared the first time a connection asks it."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        """Ask; the connection keeps the last hundred statements so asked."""
        return super().execute(query, params, prepare=True, **how)
