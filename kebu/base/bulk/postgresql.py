"""What only PostgreSQL has: cursors that have each statement prepared the first time a connection asks it.
The connection keeps the last hundred."""

from typing import Any, Self

from psycopg import ClientCursor, Cursor


class Preparing(Cursor[Any]):
    """For statements whose values come and go: PostgreSQL plans them for all values as soon as that is no
    worse than a plan for each."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        """Ask."""
        return super().execute(query, params, prepare=True, **how)


class PreparingWhole(Preparing):
    """For statements that keep their values: these are in their text, and the one plan is made for them."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        """Ask."""
        whole = ClientCursor(self.connection).mogrify(query, params) if params else query
        return super().execute(whole.encode(), **how)
