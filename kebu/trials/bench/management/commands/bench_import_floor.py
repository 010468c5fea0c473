"""``kebu bench_import_floor N``: insert the rows of the last N customers again, bare; prints the seconds."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from kebu.base.journal.models import JournalEntry
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import INDEX, Customer

CHUNK = 500


class Command(BaseCommand):
    """The least an import can cost: executemany into the same tables and indexes, chunk by chunk."""

    help = _("测速用：不做任何检查，直接写入同样的行")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rows", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        customers = list(Customer.objects.order_by("-id")[: options["rows"]])
        ids = [customer.pk for customer in customers]
        documents = [customer.document() for customer in customers]
        tables = [
            _copied(Customer, ids, "id"),
            _copied(Contact, ids, "customer_id"),
            _copied(JournalEntry, ids, "customer_id"),
        ]
        for model, name in ((JournalEntry, "customer_id"), (Contact, "customer_id"), (Customer, "id")):
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {name} >= %s", [min(ids)])  # noqa: S608
        INDEX.remove(ids)
        start = time.monotonic()
        for at in range(0, len(ids), CHUNK):
            with transaction.atomic(), connection.cursor() as cursor:
                for statement, rows, per_customer in tables:
                    chunk = rows[at * per_customer : (at + CHUNK) * per_customer]
                    cursor.executemany(statement, chunk)
                INDEX.put(documents[at : at + CHUNK])
        self.stdout.write(f"{time.monotonic() - start:.3f}")


def _copied(model: type[models.Model], ids: list[int], name: str) -> tuple[str, list[tuple[Any, ...]], int]:
    """The INSERT of a table, its rows that belong to the customers, and how many there are per customer."""
    quote = connection.ops.quote_name
    columns = [str(field.column) for field in model._meta.concrete_fields]
    names = ", ".join(map(quote, columns))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} WHERE {name} >= %s", [min(ids)])  # noqa: S608
        rows = cursor.fetchall()
    marks = ", ".join(["%s"] * len(columns))
    rows = [tuple(_json(value) for value in row) for row in rows]
    return f"INSERT INTO {table} ({names}) VALUES ({marks})", rows, max(1, len(rows) // len(ids))  # noqa: S608


def _json(value: Any) -> Any:
    """PostgreSQL hands JSON out as objects and wants it back as text."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value
