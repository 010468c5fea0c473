"""The history of one customer: its own fields, its contacts, its talks."""

from collections.abc import Iterable
from dataclasses import replace

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.models import JournalEntry, JournalQuerySet
from kebu.crm.customers.models import Customer
from kebu.front.audit.labels import KINDS
from kebu.front.audit.words import FIELD_SETS, Change, change_of


def choices(context: Context) -> list[tuple[str, list[tuple[str, str]]]]:
    """Fields to choose from, by the kind of record: customer.budget and the like."""
    return [
        (
            str(KINDS[kind]),
            [(f"{kind}.{i.name}", i.label) for i in fields.values() if i.allows(Use.VIEW, context)],
        )
        for kind, fields in FIELD_SETS.items()
    ]


def _kind_and_name(asked: str, context: Context) -> tuple[str, str]:
    """The field asked for; "" for one that does not exist, or not for this reader."""
    kind, _dot, name = asked.partition(".")
    item = FIELD_SETS[kind].get(name) if kind in FIELD_SETS else None
    return (kind, name) if item is not None and item.allows(Use.VIEW, context) else ("", "")


def entries_of(customer: Customer, asked: str, context: Context) -> JournalQuerySet:
    """The customer's entries, of one field when it is asked for."""
    found = JournalEntry.objects.filter(customer_id=customer.pk)
    kind, name = _kind_and_name(asked, context)
    if not name:
        return found
    kinds = [kind, "customer-state"] if kind == "customer" else [kind]
    return found.filter(kind__in=kinds, changes__has_key=name)


def changes(entries: Iterable[JournalEntry], asked: str, context: Context) -> list[Change]:
    """The entries in words, of the field asked for nothing but that."""
    kind, name = _kind_and_name(asked, context)
    told = [change_of(entry, context, is_whole=True) for entry in entries]
    if not name:
        return told
    label = FIELD_SETS[kind][name].label
    return [replace(one, pairs=[pair for pair in one.pairs if pair.label == label]) for one in told]
