"""The bare INSERTs and UPDATEs behind each write: the same tables and indexes, nothing else."""

from itertools import count
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from kebu.base.journal.models import JournalEntry
from kebu.crm.customers.models import INDEX, Customer
from kebu.crm.interactions.models import Interaction

_serial = count(1)

VALUES = {"remark": "统一整理过", "grade": "B", "main_business": "精密零件加工"}
"""What a batch changes fields to."""


def _copy(model: type[models.Model], pk: int, **changed: Any) -> None:
    """INSERT … SELECT of one row with some columns replaced."""
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join("%s" if field.attname in changed else quote(str(field.column)) for field in fields)
    table = quote(model._meta.db_table)
    params = [changed[field.attname] for field in fields if field.attname in changed]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %s",  # noqa: S608
            [*params, pk],
        )


def _last(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT max(id) FROM {table}")  # noqa: S608
        return int(cursor.fetchone()[0])


@transaction.atomic
def create() -> None:
    """One customer, its journal entry and its search document."""
    model = Customer.objects.get(pk=_last(Customer))
    _copy(Customer, model.pk, number=f"BENCH{next(_serial):08d}")
    _copy(JournalEntry, _last(JournalEntry), seq=None)
    document = model.document()
    INDEX.put(
        [type(document)(model.pk + 1, document.names, document.people, document.numbers, document.labels)]
    )


@transaction.atomic
def inline_save() -> None:
    """One column by compare-and-set, and the journal entry."""
    pk = _last(Customer)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET remark = %s, version = version + 1 WHERE id = %s",
            [f"备注{next(_serial)}", pk],
        )
    _copy(JournalEntry, _last(JournalEntry), seq=None)


@transaction.atomic
def followup() -> None:
    """One interaction, the customer's facts, and two journal entries."""
    interaction = _last(Interaction)
    _copy(Interaction, interaction)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customer SET last_contact_at = %s, next_follow_up_at = %s,"
            " version = version + 1, interaction_count = interaction_count + 1"
            " WHERE id = (SELECT customer_id FROM interactions_interaction WHERE id = %s)",
            [timezone.now(), timezone.now(), interaction],
        )
    _copy(JournalEntry, _last(JournalEntry), seq=None)
    _copy(JournalEntry, _last(JournalEntry), seq=None)


FLOORS = {"create": create, "inline_save": inline_save, "followup": followup}
