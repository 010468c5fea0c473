"""How a kept birthday ends: month and day, whatever the year, as an expression that an index can hold.

Migrations name it, and indexes hold its SQL: it never changes (see tests/test_kept_sql.py).
"""

from typing import Any

from django.db.models import CharField, Func

from kebu.base.kit.birthdays_between import ENDING


class Ending(Func):
    """The last characters of a text; with nothing to fill in, unlike Django's own ``Right``."""

    output_field = CharField()
    arity = 1
    template = f"RIGHT(%(expressions)s, {ENDING})"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=f"SUBSTR(%(expressions)s, -{ENDING})", **context)
