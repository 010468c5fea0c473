"""Bringing checked rows in: chunk by chunk, each in one transaction with its own account."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from kebu.base.access.choices import Permission
from kebu.base.bulk.rows import write_many
from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.base.kit.errors import KitError
from kebu.crm.contacts.actions import Entry, enrol_with_contacts
from kebu.crm.contacts.fields import CONTACT_FIELDS
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.disputes.choices import Why
from kebu.exchange.imports.checking import matched, matches_of, outcome_of, phones_of
from kebu.exchange.imports.choices import Decision, Outcome
from kebu.exchange.imports.models import Import, ImportRow
from kebu.exchange.imports.protecting import allowed
from kebu.exchange.imports.queries import receivers
from kebu.exchange.imports.reading import Reading, from_json
from kebu.exchange.imports.updating import REFUSED, Hand, update
from kebu.office.staff.models import User

NOT_GIVEN = "没有给他：他已停用，或不在你能分配的范围里；客户归导入人"


class Barred(KitError):
    """The importer was switched off or lost the right; the message says so."""


def commit_chunk(rows: Sequence[ImportRow], hand: Hand, at: datetime) -> None:
    """Bring in rows that are not done yet, in the caller's transaction."""
    readings = {row.pk: from_json(row.reading) for row in rows if row.outcome != Outcome.REJECT}
    _look_again(rows, readings)
    fresh = [row for row in rows if row.outcome == Outcome.CREATE]
    _recheck_owners(fresh, readings, hand)
    entries = [_entry(readings[row.pk], hand.context) for row in fresh]
    made: dict[int, int] = {}
    customers = enrol_with_contacts(entries, by=hand.by, at=at, context=hand.context)
    for row, customer in zip(fresh, customers, strict=True):
        row.customer_id = made[row.number] = customer.pk
    for row in rows:
        if row.outcome == Outcome.UPDATE:
            pk, version = _double_of(row, made)
            update(row, pk, version, readings[row.pk], hand, at)
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
            matched(row, None if known or not before else (before, Why.NAME), known)
            row.match_version = 0 if known else None  # nobody saw it at the check
            row.outcome = outcome_of(row)
        else:
            names.update({key: row.number for key in keys if key})


def _recheck_owners(rows: Sequence[ImportRow], readings: dict[int, Reading], hand: Hand) -> None:
    """Whom the importer may not give customers to now, whatever he might at the check, gets none: they are
    the importer's, and the row says so."""
    given = {row.pk: readings[row.pk].customer.get("owner") for row in rows}
    owners = {owner for owner in given.values() if owner} - {hand.user.pk}
    allowed = hand.context.owner_ids
    found = set(User.objects.filter(pk__in=owners, is_active=True).values_list("pk", flat=True))
    refused = owners - (found if allowed is None else found & allowed)
    for row in rows:
        if given[row.pk] in refused:
            del readings[row.pk].customer["owner"]
            name = row.reading["customer"]["owner"]["name"]
            told = {"word": "owner", "column": None, "text": name, "message": NOT_GIVEN, "stops": False}
            row.problems, row.is_warned = [*row.problems, told], True


def _entry(reading: Reading, context: Context) -> Entry:
    """What is made of a row: of its values those that the importer may fill in now."""
    customer = allowed(CUSTOMER_FIELDS, reading.customer, Use.IMPORT, context)
    contact = allowed(CONTACT_FIELDS, reading.contact, Use.IMPORT, context)
    return Entry(customer, [contact] if contact else [])


def _double_of(row: ImportRow, made: dict[int, int]) -> tuple[int | None, int]:
    """The customer that the row doubles, and the version at which it was seen; what we made began at 1."""
    if row.match_id is not None:
        return row.match_id, row.match_version or 0
    number = row.match_row or 0
    if number in made:
        return made[number], 1
    earlier = row.source.rows.filter(number=number).first()
    if earlier is None:
        return None, 0
    return earlier.customer_id, 1 if earlier.match_id is None else earlier.match_version or 0


def _keep(rows: Sequence[ImportRow]) -> None:
    """Write back what became of the rows."""
    names = ("outcome", "match_id", "match_version", "match_row", "match_why", "is_double", "customer_id")
    told = [(row.pk, str(row.outcome), *(getattr(row, name) for name in names[1:]), True) for row in rows]
    write_many(ImportRow, (*names, "is_done"), told)
    warned = [
        row for row in rows if row.clash or any(p["message"] in (REFUSED, NOT_GIVEN) for p in row.problems)
    ]
    ImportRow.objects.bulk_update(warned, ["problems", "is_warned", "clash"], batch_size=200)


def importer(source: Import, context: Context | None = None) -> Hand:
    """Who brings the file in, with rights as they are now; only who may assign gives customers to others.

    ``context`` holds what was read for rows before. Raises Barred when he may bring in nothing any more.
    """
    user = User.objects.filter(pk=source.owner_id, is_active=True).first()
    if user is None:
        raise Barred(_("导入人的账号已停用，请换人重新导入"))
    if not user.can(Permission.CUSTOMER_IMPORT):
        raise Barred(_("导入人已没有导入客户的权限，请管理员给回权限后继续，或换人重新导入"))
    context = replace(context or Context(), owner_ids=receivers(user), reader=user, rules={})
    return Hand(user, Author.for_user(user, Door.IMPORT, source.batch), context)
