"""Whether two moments of a row lie a day apart, as a condition that an index can hold.

Migrations name these classes, and indexes hold their SQL: it never changes (see tests/test_kept_sql.py).
"""

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
    """Whether the first moment is more than 24 hours after the second, whatever that means."""

    template = "(%(expressions)s) > INTERVAL '24 hours'"
    on_sqlite = "ROUND((JULIANDAY(%(expressions)s)) * 86400000.0) > 86400000.0"


class MoreThanADayAfter(MoreThanADayApart):
    """Whether the first moment is more than 24 hours after the second; a second that means a whole day
    (midnight in Shanghai, see `kit.dates.is_day_alone`: 16:00 as it is kept) is over when that day is."""

    template = "({0} - {1}) > CASE WHEN ({1} AT TIME ZONE 'UTC')::time = '16:00' THEN INTERVAL '48 hours' ELSE INTERVAL '24 hours' END"  # noqa: E501
    on_sqlite = "ROUND((JULIANDAY({0}) - JULIANDAY({1})) * 86400000.0) > CASE WHEN SUBSTR({1}, 12) = '16:00:00' THEN 172800000.0 ELSE 86400000.0 END"  # noqa: E501

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **context: Any,
    ) -> tuple[str, Any]:
        (first, none), (second, nothing) = (compiler.compile(one) for one in self.get_source_expressions())
        if [*none, *nothing]:
            raise TypeError("an index compares columns alone")
        return (template or self.template).format(first, second), []
