"""A table as lines of JSON, one row a line, ordered by key: the same text from SQLite and from PostgreSQL."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Value

CHUNK = 2000
Prepare = Callable[[Any], Any]
TEXTS = (models.CharField, models.TextField)
AS_THEY_ARE = (*TEXTS, models.IntegerField, models.BooleanField, models.FloatField)


def lines(model: type[models.Model], alias: str) -> Iterator[bytes]:
    """The rows of a table. Inside a transaction the server hands them out in portions."""
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=plain)
        yield text.encode("utf-8", "surrogatepass") + b"\n"


def plain(value: Any) -> Any:
    """What JSON has no word for."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"no text for {type(value).__name__}")


def columns(model: type[models.Model]) -> list[str]:
    """Names of the columns, in the order of the rows."""
    return [str(field.column) for field in model._meta.concrete_fields]


class Loader:
    """Writes rows back into a table, as they were, keys included."""

    def __init__(self, model: type[models.Model], database: BaseDatabaseWrapper) -> None:
        quote = database.ops.quote_name
        self.database = database
        self.fields = [_prepare(field, database) for field in model._meta.concrete_fields]
        names = ", ".join(map(quote, columns(model)))
        marks = ", ".join(["%s"] * len(self.fields))
        self.statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"

    def load(self, texts: list[bytes]) -> None:
        """Insert some rows."""
        rows = [self.values(self.read(text)) for text in texts]
        with self.database.cursor() as cursor:
            cursor.executemany(self.statement, rows)

    def read(self, text: bytes) -> list[Any]:
        """A line as the row it was."""
        row: list[Any] = json.loads(text.decode("utf-8", "surrogatepass"))
        return row

    def values(self, row: list[Any]) -> list[Any]:
        """A row as the statement takes it."""
        return [prepare(value) if prepare else value for prepare, value in zip(self.fields, row, strict=True)]


def _prepare(field: Any, database: BaseDatabaseWrapper) -> Prepare | None:
    """How a value goes from JSON to the database; None: as it is."""
    plain_field = field
    while isinstance(plain_field, models.ForeignKey):
        plain_field = plain_field.target_field
    if isinstance(plain_field, AS_THEY_ARE):
        return None
    if isinstance(plain_field, models.JSONField):
        empty = Value(None, models.JSONField()) if not field.null else None
        return lambda value: plain_field.get_db_prep_save(empty if value is None else value, database)
    if isinstance(plain_field, models.BinaryField):
        return lambda value: value if value is None else base64.b64decode(value)
    return lambda value: plain_field.get_db_prep_save(plain_field.to_python(value), database)


def last_id(model: type[models.Model], database: BaseDatabaseWrapper) -> int | None:
    """The highest id ever given out by the table's counter; None for a table without one."""
    if not isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.SmallAutoField):
        return None
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            return int(found[0]) if found else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [database.ops.quote_name(table), column])
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}")
        return int(cursor.fetchone()[0])


def set_last_id(model: type[models.Model], last: int, database: BaseDatabaseWrapper) -> None:
    """Let the counter go on where it was, so that no id is ever given out again."""
    table = model._meta.db_table
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
            return
        pk = str(model._meta.pk.column)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
            [database.ops.quote_name(table), pk, max(last, 1), last > 0],
        )
