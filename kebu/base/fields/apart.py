"""Whether two moments of a row lie a day apart, as a condition that an index can hold."""

from typing import Any

from django.db.models import BooleanField, Func


class ADayApart(Func):
    """Whether the first moment is 24 hours after the second, or later still.

    Reckoned by the database itself with nothing to fill in: on SQLite Django's own way asks Python for every
    row, which no index may, and takes ten times as long. There it is exact to a millisecond.
    """

    output_field = BooleanField()
    arity = 2
    arg_joiner = " - "
    template = "(%(expressions)s) >= INTERVAL '24 hours'"
    on_sqlite = "ROUND((JULIANDAY(%(expressions)s)) * 86400000.0) >= 86400000.0"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template=self.on_sqlite, arg_joiner=") - JULIANDAY(", **context
        )


class MoreThanADayApart(ADayApart):
    """Whether the first moment is more than 24 hours after the second."""

    template = "(%(expressions)s) > INTERVAL '24 hours'"
    on_sqlite = "ROUND((JULIANDAY(%(expressions)s)) * 86400000.0) > 86400000.0"
