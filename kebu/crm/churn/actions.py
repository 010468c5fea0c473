"""Verbs over warnings: say why and what is done, with a plan in the same step; settle one; take that back."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.jobs.models import Job
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import SETTING, Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.dates import day_bounds
from kebu.base.kit.errors import KitError
from kebu.base.records.actions import Changes, change_fields
from kebu.crm.churn.choices import Measure, Status
from kebu.crm.churn.fields import CHURN_FIELDS
from kebu.crm.churn.models import ChurnRules, ChurnWarning
from kebu.crm.churn.signs import Rules
from kebu.crm.customers.actions import change_customer
from kebu.crm.customers.choices import CustomerType
from kebu.crm.followups.actions import make_plan

MORNING, EVENING = timedelta(hours=9), timedelta(hours=18)


class Overtaken(KitError):
    """The warning was settled or changed meanwhile; nothing was written."""


def work_on(
    row: ChurnWarning, values: Mapping[str, Any], *, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Say why the customer draws back and what is done, as seen at ``version``; from now on it is 挽回中.
    Raises EditConflict, Overtaken and Gone."""
    with transaction.atomic():
        row.customer.hold()  # before what hangs on it, as everywhere
        held = ChurnWarning.objects.select_for_update(no_key=True).get(pk=row.pk)
        if not held.is_under_way:
            raise Overtaken(_("这条预警已经了结，要改请先恢复"))
        return change_fields(
            row,
            {**values, "status": Status.SAVING.value},
            fields=CHURN_FIELDS,
            version=version,
            by=by,
            at=at,
            context=context,
            customer_id=row.customer_id,
        )


def plan_for(row: ChurnWarning, day: date, *, key: str, by: Author, at: datetime, context: Context) -> None:
    """Plan the measure for a day, for who says so; once for each form."""
    label = str(Measure(row.measure).label) if row.measure else _("看看怎么挽回")
    start = day_bounds(day)[0]
    values = {
        "goal": _("挽回：%(measure)s") % {"measure": label},
        "expected": row.measure_note or _("知道客户还合不合作，下一步怎么办"),
        "starts_at": start + MORNING,
        "due_at": start + EVENING,
    }
    make_plan(
        values,
        executors=[by.user_id or 0],
        customer=row.customer,
        by=by,
        at=at,
        context=context,
        source_key=f"churn-{row.pk}-{key}",
    )


@transaction.atomic
def conclude(row: ChurnWarning, status: Status, *, by: Author, at: datetime, context: Context) -> None:
    """It is 已稳住, or 已流失: then the customer is a 流失客户 from now on. Raises Overtaken."""
    before = row.status
    columns = {"status": status.value, "closed_at": at, "by_hand": True, "updated_at": at}
    if not row.is_under_way or not ChurnWarning.swap(row, columns):
        raise Overtaken(_("别人刚处理过这条预警，请看现在的再定"))
    _note(row, before, by, at)
    if status == Status.LOST:
        _become(row, CustomerType.LOST, by, at, context)


@transaction.atomic
def reopen(
    row: ChurnWarning, status: Status, *, version: int, by: Author, at: datetime, context: Context
) -> None:
    """It was not settled after all; a customer that was lost with it is a 成交客户 again. Raises
    Overtaken, also where another warning of the customer is under way by now, or where somebody made
    something else of a lost customer since."""
    before, row.version = row.status, version
    row.customer.hold()
    others = ChurnWarning.objects.under_way().filter(customer=row.customer_id)
    if row.is_under_way or others.exists():
        raise Overtaken(_("这个客户已经有一条在处理的预警，请看那一条"))
    kind = CustomerType(row.customer.customer_type)
    if before == Status.LOST and kind not in (CustomerType.LOST, CustomerType.WON):
        raise Overtaken(_("后来客户类型改成了%(kind)s，不用恢复了") % {"kind": kind.label})
    if before == Status.LOST:  # first, so that nobody looks at its signals anew
        _become(row, CustomerType.WON, by, at, context)
    columns = {"status": status.value, "closed_at": None, "closing": "", "by_hand": False, "updated_at": at}
    if not ChurnWarning.swap(row, columns):
        raise Overtaken(_("别人刚处理过这条预警，请看现在的再定"))
    _note(row, before, by, at)


def _become(row: ChurnWarning, kind: CustomerType, by: Author, at: datetime, context: Context) -> None:
    customer = row.customer
    customer.refresh_from_db()
    values = {"customer_type": kind.value}
    change_customer(customer, values, version=customer.version, by=by, at=at, context=context)


def _note(row: ChurnWarning, before: str, by: Author, at: datetime) -> None:
    changes = {"status": [before, row.status]}
    line = Line(CHURN_FIELDS.kind, row.pk, str(row), Action.CHANGE, row.version, row.customer_id, changes)
    JournalEntry.objects.record([line], by=by, at=at)


@transaction.atomic
def set_rules(wished: Rules, *, version: int, by: Author, at: datetime) -> bool:
    """Let these rules take effect, and have all customers looked at by them; False when somebody else changed
    them since they were seen (version 0: nobody had)."""
    given = {"created_at": at, "updated_at": at}
    found, is_new = ChurnRules.objects.select_for_update().get_or_create(pk=1, defaults=given)
    before = found.values
    found.version = found.version if is_new and version == 0 else version
    if not ChurnRules.swap(found, {**wished._asdict(), "updated_at": at}):
        return False
    told = zip(Rules._fields, before, wished, strict=True)
    changes = {name: [was, now] for name, was, now in told if was != now}
    if changes:
        line = Line(SETTING, found.pk, _("流失预警规则"), Action.CHANGE, found.version, None, changes)
        JournalEntry.objects.record([line], by=by, at=at)
        Job.objects.enqueue("churn.watch", owner_id=by.user_id, key=f"churn-rules-{found.version}")
    return True
