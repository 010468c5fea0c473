"""Changing the customer that a row doubles, never over what somebody else wrote since the check."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.records.actions import EditConflict
from kebu.base.records.conflicts import clashes
from kebu.crm.contacts.actions import add_contact
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.customers.models import Customer
from kebu.exchange.imports.choices import Decision, Outcome
from kebu.exchange.imports.models import ImportRow
from kebu.exchange.imports.protecting import allowed
from kebu.exchange.imports.reading import Reading, from_json
from kebu.office.staff.models import User

REFUSED = "没有改：这个客户不归你编辑，请找负责人"
NEVER_CHANGED = ("kind", "owner")


class Hand(NamedTuple):
    """Who brings a file in: the user with his rights, as the journal names him, and what he may refer to."""

    user: User
    by: Author
    context: Context


def update(row: ImportRow, pk: int | None, version: int, reading: Reading, hand: Hand, at: datetime) -> None:
    """Change the customer, seen at ``version``: everything that differs, or only what is empty.

    When somebody else changed the same field meanwhile, nothing is written and the row keeps what collided.
    """
    customer = _editable(pk, hand)
    if customer is None:
        _refuse(row)
        return
    values = {name: value for name, value in reading.customer.items() if name not in NEVER_CHANGED}
    values = allowed(CUSTOMER_FIELDS, values, Use.EDIT, hand.context)
    if (row.decision or row.source.policy) == Decision.FILL:
        values = {name: value for name, value in values.items() if _is_empty(customer, name)}
        if _is_region_of_address(row) and "address" not in values:
            values.pop("region", None)
    _write(row, customer, values, version, reading, hand, at)


def settle(rows: Iterable[ImportRow], hand: Hand, at: datetime, *, is_mine: bool) -> None:
    """Decide rows in conflict, in the caller's transaction: the file's values, or those that stand there now.

    What collides anew since the person saw it stays a conflict.
    """
    for row in rows:
        reading, clash = from_json(row.reading), row.clash
        clashed = [field["name"] for field in clash["fields"]]
        names = clash["wanted"] + (clashed if is_mine else [])
        if not is_mine and "address" in clashed and _is_region_of_address(row):
            names = [name for name in names if name != "region"]
        customer = _editable(row.customer_id, hand)
        if customer is None:
            _refuse(row)
        else:
            chosen = {name: reading.customer[name] for name in names}
            values = allowed(CUSTOMER_FIELDS, chosen, Use.EDIT, hand.context)
            is_changed = _write(row, customer, values, clash["version"], reading, hand, at)
            if not is_changed and row.outcome != Outcome.CONFLICT:
                row.outcome = Outcome.DUPLICATE
        row.save(update_fields=["outcome", "customer_id", "clash", "problems", "is_warned"])


def _editable(pk: int | None, hand: Hand) -> Customer | None:
    """The customer, held; None when it is not the importer's to change."""
    customer = Customer.objects.editable_by(hand.user).filter(pk=pk).first() if pk else None
    if customer is not None:
        customer.hold()  # who edits it on a page meanwhile waits, and is then told what changed
    return customer


def _is_empty(customer: Customer, name: str) -> bool:
    return CUSTOMER_FIELDS[name].is_empty(CUSTOMER_FIELDS[name].value(customer))


def _is_region_of_address(row: ImportRow) -> bool:
    """The region was read from the address, for the file has no column of its own: they go together."""
    return "customer.region" not in row.source.mapping


def _refuse(row: ImportRow) -> None:
    row.outcome, row.customer_id, row.clash, row.is_warned = Outcome.DUPLICATE, None, {}, True
    told = {"word": "owner", "column": None, "text": "", "message": REFUSED, "stops": False}
    row.problems = [*row.problems, told]


def _write(
    row: ImportRow,
    customer: Customer,
    values: dict[str, Any],
    version: int,
    reading: Reading,
    hand: Hand,
    at: datetime,
) -> bool:
    """Write values and contact, or note what collides; says whether anything was written."""
    row.customer_id, row.clash = customer.pk, {}
    _user, by, context = hand
    try:
        changes = change_customer(customer, values, version=version, by=by, at=at, context=context)
    except EditConflict as conflict:
        row.outcome, row.clash = Outcome.CONFLICT, _kept(conflict, context)
        return False
    row.outcome = Outcome.UPDATE
    name = reading.contact.get("name")
    may_add = may(hand.user, Permission.CONTACT_CREATE, customer)
    if name and name not in customer.contact_names and may_add:
        person = allowed(CONTACT_FIELDS, reading.contact, Use.IMPORT, context)
        add_contact(customer, person, by=by, at=at, context=context)
        return True
    return bool(changes)


def _kept(conflict: EditConflict, context: Context) -> dict[str, Any]:
    """What collided, in words, and what else the row would have changed, as of the version it was told at."""
    fields = [
        {"name": one.name, "mine": one.mine, "now": one.now, "author": one.author, "at": one.at.isoformat()}
        for one in clashes(conflict, context)
    ]
    return {"version": conflict.record.version, "wanted": sorted(conflict.wanted), "fields": fields}
