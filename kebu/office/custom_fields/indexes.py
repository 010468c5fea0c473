"""One index for each own field by which records are filtered and sorted, in the table of the records.

It holds the very expression that conditions compile to, and only the rows that have a value; of what hangs on
a customer the customer's key besides, for customers are found by it. PostgreSQL learns nothing of values from
an index of some rows: beside each stands an object of statistics under the same name.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from kebu.base.fields.columns import expression
from kebu.base.fields.fieldsets import FIELD_SETS
from kebu.office.custom_fields.choices import FieldState, Subject, ValueKind
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.reading import kind_of

PREFIX = "own_"
FOUND = "customer_id"  # by what hangs on it
LIVE = "archived_at"  # lists show what is not archived, as the indexes of born columns do


class Index(NamedTuple):
    """An index as it should be; its name tells what it holds, so that another type has another one."""

    name: str
    table: str
    statement: str
    value: str


def wanted() -> list[Index]:
    """The indexes that should be there."""
    rows = OwnField.objects.filter(state=FieldState.ACTIVE)
    return [index_of(row) for row in rows.order_by("pk") if ValueKind(row.value_kind).is_sortable]


def index_of(row: OwnField) -> Index:
    """The index of one field."""
    model, quote = _model(row.subject), connection.ops.quote_name
    letter, table = kind_of(row).letter, model._meta.db_table
    name = f"{PREFIX}{row.subject}_{row.name}_{letter}{'r' if row.column == 'rolled_up' else ''}"
    value = expression(connection.vendor, quote(row.column), row.name, letter)
    live = any(field.name == LIVE for field in model._meta.concrete_fields)
    condition = f"{value} IS NOT NULL" + (f" AND {quote(LIVE)} IS NULL" if live else "")
    how = "" if connection.vendor == "sqlite" or connection.in_atomic_block else " CONCURRENTLY"
    how += " IF NOT EXISTS"
    of_customer = any(field.attname == FOUND for field in model._meta.concrete_fields)
    last = quote(FOUND if of_customer else "id")
    text = f'CREATE INDEX{how} "{name}" ON {quote(table)} ({value}, {last}) WHERE {condition}'
    return Index(name, table, text, value)


def there() -> set[str]:
    """The names of those that are there and usable; what was broken off in the making is dropped first."""
    for name in _broken():
        drop(name)
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table in {_model(subject)._meta.db_table for subject in Subject.values}:
            found |= set(connection.introspection.get_constraints(cursor, table))
    return {name for name in found if name.startswith(PREFIX)}


def _broken() -> list[str]:
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() "
            "WHERE NOT i.indisvalid AND c.relname LIKE 'own\\_%%'",
            [],
        )
        return [row[0] for row in cursor.fetchall()]


def make(index: Index) -> None:
    """Make it; on PostgreSQL without holding up writers, unless a transaction is open."""
    with connection.cursor() as cursor:
        cursor.execute(index.statement)
        if connection.vendor == "postgresql":
            quote = connection.ops.quote_name
            told = f"{quote(index.name)} ON {index.value} FROM {quote(index.table)}"
            cursor.execute(f"CREATE STATISTICS IF NOT EXISTS {told}")


def drop(name: str) -> None:
    """Take it away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(name)}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP STATISTICS IF EXISTS {connection.ops.quote_name(name)}")


def count_anew(made: Iterable[Index]) -> None:
    """Let the database learn what the new indexes hold; SQLite counts them whole and nothing else, for
    figures from a sample make it read others for the wrong things."""
    is_file = connection.vendor == "sqlite"
    names = [one.name for one in made] if is_file else sorted({one.table for one in made})
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")


def differences() -> tuple[list[Index], list[str]]:
    """The indexes that are missing, be it only their statistics, and the names of those that nobody wants."""
    should, are = {index.name: index for index in wanted()}, there()
    whole = are & _with_statistics() if connection.vendor == "postgresql" else are
    return [index for name, index in should.items() if name not in whole], sorted(are - should.keys())


def _with_statistics() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stxname FROM pg_statistic_ext "
            "JOIN pg_namespace n ON n.oid = stxnamespace AND n.nspname = current_schema() "
            "WHERE stxname LIKE 'own\\_%%'",
            [],
        )
        return {row[0] for row in cursor.fetchall()}


def tend_own_indexes() -> None:
    """Make what is missing and drop what nobody wants, all at once; the caller counts all figures anew."""
    missing, surplus = differences()
    for name in surplus:
        drop(name)
    for index in missing:
        make(index)


def _model(subject: str) -> Any:
    return FIELD_SETS[subject].model
