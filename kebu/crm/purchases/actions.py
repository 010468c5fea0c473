"""Verbs over purchases: keep one, perhaps for a key date that it settles, change it, take it away; and over
the rule of growth. After each the customer's rises are reckoned anew in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SETTING, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.base.records.actions import Changes, change_fields, creation_line
from kebu.base.records.models import claim_submission
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.actions import reopen as reopen_key_date
from kebu.crm.key_dates.actions import settle as settle_key_date
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.key_dates.undoing import Stood
from kebu.crm.purchases.fields import PURCHASE_FIELDS
from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import GrowthRule, Purchase, growth_rule
from kebu.crm.purchases.rises import settle


class Overtaken(KitError):
    """Somebody changed the purchase or its key date meanwhile; nothing was written."""


class Incomplete(KitError):
    """Together with what somebody changed meanwhile neither quantity nor amount is left; nothing was
    written."""


class Settling(NamedTuple):
    """The key date that a purchase settles, as it was seen at ``version``."""

    row: KeyDate
    version: int


class Reopening(NamedTuple):
    """The key date that a purchase had settled, as it was seen at ``version``, and where it stood before."""

    row: KeyDate
    version: int
    stood: Stood


@transaction.atomic
def keep_purchase(
    customer: Customer,
    values: Mapping[str, Any],
    *,
    submission: str,
    by: Author,
    at: datetime,
    context: Context,
    settling: Settling | None = None,
) -> Purchase | None:
    """Keep what the customer bought, and settle the key date that waited for it; None when this very form was
    kept before. Raises Overtaken."""
    key = f"{customer.pk}:{submission}"
    if claim_submission(key, kind="purchase", user_id=by.user_id or 0, at=at) is None:
        return None
    customer.hold()
    row = Purchase(customer=customer, created_at=at, updated_at=at)
    for name, value in values.items():
        PURCHASE_FIELDS[name].assign(row, value)
    row.save(force_insert=True)
    JournalEntry.objects.record([creation_line(row, PURCHASE_FIELDS, context, customer.pk)], by=by, at=at)
    _look_again(row, at)
    if settling is not None and not settle_key_date(settling.row, version=settling.version, by=by, at=at):
        told = {"name": settling.row.name}
        raise Overtaken(_("别人刚改过“%(name)s”这个日子，这次只记采购，请看它现在的日期再办") % told)
    return row


@transaction.atomic
def change_purchase(
    row: Purchase, values: Mapping[str, Any], *, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Change it as it was seen at ``version``. Raises EditConflict, Incomplete and Gone."""
    Customer.objects.hold([row.customer_id])
    changes = change_fields(
        row,
        values,
        fields=PURCHASE_FIELDS,
        version=version,
        by=by,
        at=at,
        context=context,
        customer_id=row.customer_id,
        extra=_complete,
    )
    if changes:
        _look_again(row, at)
    return changes


def _complete(row: Purchase, changes: Changes) -> dict[str, object]:
    """Of two who change it one may take the quantity away and one the amount."""
    if row.quantity is None and row.amount is None:
        raise Incomplete(_("别人刚刚也改了这一笔，合起来数量和金额都没有了，请重新打开再改"))
    return {}


@transaction.atomic
def remove_purchase(
    row: Purchase,
    *,
    version: int,
    by: Author,
    at: datetime,
    context: Context,
    reopening: Reopening | None = None,
) -> None:
    """Take it away as it was seen, and have the key date that it settled stand where it stood. Raises
    Overtaken when somebody else changed one of them meanwhile."""
    Customer.objects.hold([row.customer_id])
    gone, _each = Purchase.objects.filter(pk=row.pk, version=version).delete()
    if not gone:
        raise Overtaken(_("别人刚改过这一笔，没有删，请关掉重新打开看看"))
    held = {
        item.name: [item.kind.to_json(value, context), None] for item, value in PURCHASE_FIELDS.filled(row)
    }
    line = Line(PURCHASE_FIELDS.kind, row.pk, str(row), Action.DELETE, row.version, row.customer_id, held)
    JournalEntry.objects.record([line], by=by, at=at)
    _look_again(row, at)
    if reopening is not None:
        date, (on, missed_on) = reopening.row, reopening.stood
        if not reopen_key_date(date, on, missed_on=missed_on, version=reopening.version, by=by, at=at):
            raise Overtaken(_("别人刚改过“%(name)s”这个日子，不能一起撤销") % {"name": date.name})


def _look_again(row: Purchase, at: datetime) -> None:
    settle([row.customer_id], growth_rule().values, at=at)


@transaction.atomic
def set_rule(wished: Rule, *, version: int, by: Author, at: datetime) -> bool:
    """Let this rule take effect, and have all customers looked at by it; False when somebody else changed it
    since it was seen (version 0: nobody had)."""
    given = {"created_at": at, "updated_at": at}
    found, is_new = GrowthRule.objects.select_for_update().get_or_create(pk=1, defaults=given)
    before = found.values
    found.version = found.version if is_new and version == 0 else version
    if not GrowthRule.swap(found, {**wished._asdict(), "updated_at": at}):
        return False
    told = zip(Rule._fields, before, wished, strict=True)
    changes = {f"growth_{name}": [was, now] for name, was, now in told if was != now}
    if changes:
        line = Line(SETTING, found.pk, _("采购增长规则"), Action.CHANGE, found.version, None, changes)
        JournalEntry.objects.record([line], by=by, at=at)
        Job.objects.enqueue("purchases.watch", owner_id=by.user_id, key=f"growth-rule-{found.version}")
    return True
