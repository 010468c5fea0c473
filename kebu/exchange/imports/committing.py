"""Bringing checked rows in: chunk by chunk, each in one transaction with its own account."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection

from kebu.base.access.choices import Permission
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.crm.contacts.actions import Entry, add_contact, enrol_with_contacts
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.checking import matches_of, outcome_of, phones_of
from kebu.exchange.imports.choices import Decision, Outcome
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.reading import Reading, from_json
from kebu.office.staff.models import User

REFUSED = "没有改：这个客户不归你编辑，请找负责人"


def commit_chunk(
    source: Import, rows: Sequence[ImportRow], user: User, *, by: Author, at: datetime, context: Context
) -> None:
    """Bring in rows that are not done yet, in the caller's transaction."""
    readings = {row.pk: from_json(row.reading) for row in rows if row.outcome != Outcome.REJECT}
    _look_again(rows, readings)
    fresh = [row for row in rows if row.outcome == Outcome.CREATE]
    entries = [_entry(readings[row.pk]) for row in fresh]
    made: dict[int, int] = {}
    for row, customer in zip(fresh, enrol_with_contacts(entries, by=by, at=at, context=context), strict=True):
        row.customer_id = made[row.number] = customer.pk
    for row in rows:
        if row.outcome == Outcome.UPDATE:
            pk = row.match_id or made.get(row.match_row or 0) or _customer_of_row(row)
            _update(row, pk, readings[row.pk], user, by=by, at=at, context=context)
        row.is_done = True
    _keep(rows)


def _look_again(rows: Sequence[ImportRow], readings: dict[int, Reading]) -> None:
    """Customers may have come since the check, by other hands or from the rows before: never double them."""
    wanted = [row for row in rows if row.outcome == Outcome.CREATE and row.decision != Decision.CREATE]
    found = matches_of([readings[row.pk] for row in wanted if row.match_id is None])
    names: dict[str, int] = {}
    for row in wanted:
        reading = readings[row.pk]
        if row.match_id is not None or row.match_row is not None:
            continue  # decided for the whole file: create it all the same
        known = found.match(reading.name_key, phones_of(reading))
        keys = [reading.name_key, *phones_of(reading)]
        before = next((names[key] for key in keys if key and key in names), None)
        if known or before:
            row.match_id, row.match_why = (known[0].id, known[1].value) if known else (None, "name")
            row.match_row = before
            row.is_double = True
            row.outcome = outcome_of(row)
        else:
            names.update({key: row.number for key in keys if key})


def _entry(reading: Reading) -> Entry:
    return Entry(reading.customer, [reading.contact] if reading.contact else [])


def _update(
    row: ImportRow,
    pk: int | None,
    reading: Reading,
    user: User,
    *,
    by: Author,
    at: datetime,
    context: Context,
) -> None:
    """Change the customer that is the same one: everything that differs, or only what is empty."""
    customer = Customer.objects.editable_by(user).filter(pk=pk).first() if pk else None
    if customer is None or not user.can(Permission.CUSTOMER_EDIT):
        row.outcome = Outcome.DUPLICATE
        row.problems = [
            *row.problems,
            {"word": "owner", "column": None, "text": "", "message": REFUSED, "stops": False},
        ]
        return
    customer.hold()  # who edits it on a page meanwhile waits, and is then told what changed
    fill = (row.decision or row.source.policy) == Decision.FILL
    values = {name: value for name, value in reading.customer.items() if name not in ("kind", "owner")}
    if fill:
        values = {
            n: v for n, v in values.items() if CUSTOMER_FIELDS[n].is_empty(CUSTOMER_FIELDS[n].value(customer))
        }
    change_customer(customer, values, version=customer.version, by=by, at=at, context=context)
    row.customer_id = customer.pk
    name = reading.contact.get("name")
    if name and name not in customer.contact_names:
        add_contact(customer, reading.contact, by=by, at=at, context=context)


def _customer_of_row(row: ImportRow) -> int | None:
    if row.match_row is None:
        return None
    return row.source.rows.filter(number=row.match_row).values_list("customer_id", flat=True).first()


def _keep(rows: Sequence[ImportRow]) -> None:
    """Write back what became of the rows."""
    table = connection.ops.quote_name(ImportRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET outcome = %s, match_id = %s, match_row = %s, match_why = %s,"  # noqa: S608
            " is_double = %s, customer_id = %s, is_done = %s WHERE id = %s",
            [
                (
                    str(r.outcome),
                    r.match_id,
                    r.match_row,
                    r.match_why,
                    r.is_double,
                    r.customer_id,
                    r.is_done,
                    r.pk,
                )
                for r in rows
            ],
        )
    refused = [row for row in rows if any(p["message"] == REFUSED for p in row.problems)]
    for row in refused:
        row.is_warned = True
    ImportRow.objects.bulk_update(refused, ["problems", "is_warned"])


def importer(source: Import) -> tuple[User, Author, Context]:
    """Who brings the file in, with rights as they are now; only who may assign gives customers to others."""
    user = User.objects.get(pk=source.owner_id, is_active=True)
    may_assign = user.can(Permission.CUSTOMER_ASSIGN)
    context = Context(owner_ids=user.visible_owner_ids() if may_assign else frozenset({user.pk}))
    return user, replace(Author.for_user(user, Door.IMPORT), batch=source.batch), context
