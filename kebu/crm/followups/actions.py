"""Verbs over plans: make, change, put off, give to others, wait, cancel."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Action
from kebu.base.journal.models import JournalEntry, Line
from kebu.base.kit.errors import KitError
from kebu.base.records.actions import Changes, change_fields
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer
from kebu.crm.followups import steering
from kebu.crm.followups.choices import PlanStatus, Source
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.letting_in import let_out, prolong, see_to_it
from kebu.crm.followups.models import Plan, PlanExecutor, Postponement
from kebu.crm.followups.telling import tell_given, tell_taken


class Ended(KitError):
    """The plan was completed or cancelled meanwhile; nothing was written."""


@transaction.atomic
def make_plan(
    values: Mapping[str, Any],
    *,
    executors: Sequence[int],
    customer: Customer | None = None,
    contact: Contact | None = None,
    by: Author,
    at: datetime,
    context: Context,
    source: str = Source.HAND,
    source_key: str | None = None,
) -> Plan:
    """Make a plan, by name of its fields: goal, expected, starts_at and due_at at least; without a customer
    a task of its own. With ``source_key`` it is made once: asked again it is the one that stands.

    Raises NotLetIn when somebody would carry it out who cannot see the customer.
    """
    if source_key and (stands := Plan.objects.filter(source_key=source_key).first()):
        return stands
    if customer is not None:
        customer.hold()
    plan = Plan(customer=customer, contact=contact, source=source, source_key=source_key)
    plan.created_at = plan.updated_at = at
    plan.created_by_id = by.user_id
    for name, value in values.items():
        PLAN_FIELDS[name].assign(plan, value)
    plan.executor_ids = list(dict.fromkeys(executors))
    plan.first_at = plan.starts_at
    see_to_it(plan, plan.executor_ids, by=by, at=at)
    prolong(plan, by=by, at=at)
    plan.save(force_insert=True)
    _list(plan)
    JournalEntry.objects.record([made_line(plan, context)], by=by, at=at)
    steering.pull(plan, by=by, at=at, context=context)
    tell_given(plan, plan.executor_ids, by=by, at=at)
    return plan


def made_line(plan: Plan, context: Context) -> Line:
    """The journal line of a new plan: every filled field, those included that nobody types."""
    filled = {
        item.name: [None, item.kind.to_json(value, context)]
        for item in PLAN_FIELDS.values()
        if not item.is_empty(value := item.value(plan))
    }
    return Line("plan", plan.pk, plan.goal, Action.CREATE, plan.version, plan.customer_id, filled)


def _list(plan: Plan) -> None:
    """Let the plan be found by those who carry it out."""
    wanted = set(plan.executor_ids)
    present = set(plan.executors.values_list("user_id", flat=True))
    plan.executors.filter(user__in=present - wanted).delete()
    PlanExecutor.objects.bulk_create(plan.carried_out_by(sorted(wanted - present)))


def demand_open(plan: Plan) -> None:
    """Refuse what only an open plan allows."""
    if not plan.is_open:
        raise Ended(
            _("这个计划%(status)s，不能再改，要接着做请新建一个") % {"status": plan.get_status_display()}
        )


@transaction.atomic
def change_plan(
    plan: Plan, values: Mapping[str, Any], *, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Change fields of an open plan as it was seen at ``version``, its executors and times among them.

    Raises EditConflict, Ended and NotLetIn.
    """
    plan.hold()
    demand_open(plan)
    return write(plan, values, version=version, by=by, at=at, context=context)


def write(
    plan: Plan,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Author,
    at: datetime,
    context: Context,
    columns: Mapping[str, Any] | None = None,
) -> Changes:
    """Write fields, and columns besides, of a plan that the caller holds; what hangs on them follows."""
    stood, was_open = plan.starts_at, plan.is_open
    changes = change_fields(
        plan,
        values,
        fields=PLAN_FIELDS,
        version=version,
        by=by,
        at=at,
        context=context,
        customer_id=plan.customer_id,
        extra=lambda _record, _changes: dict(columns or {}),
    )
    if "executors" in changes.fields:
        _list(plan)
        before, after = changes.fields["executors"]
        see_to_it(plan, set(after) - set(before), by=by, at=at)
        tell_given(plan, set(after) - set(before), by=by, at=at)
        tell_taken(plan, set(before) - set(after), by=by, at=at)
    if {"executors", "due_at"} & changes.fields.keys():
        prolong(plan, by=by, at=at)
    if {"starts_at", "due_at"} & changes.fields.keys() or was_open != plan.is_open:
        plan.executors.update(**plan.found_by)
    if "starts_at" in changes.fields or was_open != plan.is_open:
        steering.let_go(plan, stood, by=by, at=at, context=context)
    return changes


@transaction.atomic
def postpone(
    plan: Plan,
    after: datetime,
    *,
    reason: str,
    due_at: datetime | None = None,
    version: int,
    by: Author,
    at: datetime,
    context: Context,
) -> Changes:
    """Put a plan off to ``after``; without ``due_at`` its last moment stays as far behind as it was."""
    plan.hold()
    demand_open(plan)
    before = plan.starts_at
    values = {"starts_at": after, "due_at": due_at or max(plan.due_at, after + (plan.due_at - before))}
    if after < before and due_at is None:
        values["due_at"] = plan.due_at
    changes = write(plan, values, version=version, by=by, at=at, context=context)
    if "starts_at" in changes.fields:
        Postponement.objects.create(
            plan=plan, before=before, after=plan.starts_at, reason=reason, by_id=by.user_id, at=at
        )
    return changes


def reassign(
    plan: Plan, executors: Sequence[int], *, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Let others carry the plan out."""
    values = {"executors": list(dict.fromkeys(executors))}
    return change_plan(plan, values, version=version, by=by, at=at, context=context)


def wait(
    plan: Plan, *, is_waiting: bool, version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Note that the customer is to answer first, or that it goes on."""
    status = PlanStatus.WAITING if is_waiting else PlanStatus.ONGOING
    return change_plan(plan, {"status": status.value}, version=version, by=by, at=at, context=context)


@transaction.atomic
def cancel(
    plan: Plan, *, reason: str = "", version: int, by: Author, at: datetime, context: Context
) -> Changes:
    """Give a plan up; who made it and gives it up untouched takes back whom it let in."""
    plan.hold()
    demand_open(plan)
    is_undone = plan.version == 1 and plan.created_by_id == by.user_id
    values = {"status": PlanStatus.CANCELLED.value, "result": reason}
    columns = {"completed_at": at, "completed_by_id": by.user_id}
    changes = write(plan, values, version=version, by=by, at=at, context=context, columns=columns)
    if is_undone:
        let_out(plan, plan.executor_ids, given_at=plan.created_at, by=by, at=at)
    tell_taken(plan, plan.executor_ids, by=by, at=at)
    return changes
