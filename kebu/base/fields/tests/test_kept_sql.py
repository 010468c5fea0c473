"""Indexes are made of these expressions: each installation has this very SQL in its database."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Func

from kebu.base.fields.apart import ADayApart, MoreThanADayAfter, MoreThanADayApart
from kebu.base.fields.endings import Ending
from kebu.crm.contacts.models import Contact
from kebu.crm.interactions.models import Interaction

KEPT = (
    "migrations and the indexes of every installation hold this SQL, and an index serves no other: leave the "
    "class as it is, write a new one beside it, and let a migration make the new index and drop the old one"
)
CREATED, HAPPENED = '"interactions_interaction"."created_at"', '"interactions_interaction"."happened_at"'
JULIAN = f"(JULIANDAY({CREATED}) - JULIANDAY({HAPPENED}))"
ON_SQLITE = f"SUBSTR({HAPPENED}, 12) = '16:00:00'"
ON_POSTGRES = f"({HAPPENED} AT TIME ZONE 'UTC')::time = '16:00'"
ONE_DAY, TWO_DAYS = "INTERVAL '24 hours'", "INTERVAL '48 hours'"
SQL = {
    ADayApart: (
        f"ROUND({JULIAN} * 86400000.0) >= 86400000.0",
        f"({CREATED} - {HAPPENED}) >= INTERVAL '24 hours'",
    ),
    MoreThanADayApart: (
        f"ROUND({JULIAN} * 86400000.0) > 86400000.0",
        f"({CREATED} - {HAPPENED}) > INTERVAL '24 hours'",
    ),
    MoreThanADayAfter: (
        f"ROUND({JULIAN} * 86400000.0) > CASE WHEN {ON_SQLITE} THEN 172800000.0 ELSE 86400000.0 END",
        f"({CREATED} - {HAPPENED}) > CASE WHEN {ON_POSTGRES} THEN {TWO_DAYS} ELSE {ONE_DAY} END",
    ),
    Ending: ('SUBSTR("contacts_contact"."birthday", -6)', 'RIGHT("contacts_contact"."birthday", 6)'),
}


@pytest.mark.parametrize("expression", SQL)
def test_the_sql_of_indexes_never_changes(expression: type[Func]) -> None:
    """Of both databases, whichever the tests use: names are quoted alike."""
    model, columns = (
        (Contact, ["birthday"]) if expression is Ending else (Interaction, ["created_at", "happened_at"])
    )
    query = model._default_manager.annotate(kept=expression(*columns)).query
    compiler = query.get_compiler("default")
    compiler.pre_sql_setup()
    kept: Any = query.annotations["kept"]
    on_sqlite, on_postgres = (make(compiler, connection) for make in (kept.as_sqlite, kept.as_sql))
    assert ((on_sqlite[0], on_postgres[0]), [*on_sqlite[1], *on_postgres[1]]) == (SQL[expression], []), KEPT
