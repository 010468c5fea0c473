"""The day at 8:30: what it brings, one notice a person."""

from collections import Counter, defaultdict
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from kebu.base.kit.dates import day_bounds, local_day
from kebu.crm.churn.choices import Status
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.customers.models import LIVE, Customer
from kebu.crm.followups.models import PlanExecutor
from kebu.crm.followups.queries import IS_PLANNED
from kebu.crm.key_dates.models import KeyDate
from kebu.crm.pool.rules import standing
from kebu.crm.promises.choices import Side
from kebu.crm.promises.models import Promise
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.models import Wish
from kebu.crm.reminders.queries import active_users
from kebu.crm.reminders.rounds import Place, Span
from kebu.office.notices.actions import Note
from kebu.office.workdays.queries import is_workday

Day = dict[int, Counter[str]]


def digests(span: Span, after: Place, size: int) -> tuple[list[Note], Place]:
    """One for everybody whom the day brings something; on a day off only who has something that very day."""
    day, brings = local_day(span.until), what_comes(span.until)
    silent = set(Wish.objects.filter(wants_digest=False).values_list("user_id", flat=True))
    works = is_workday(day)
    notes = [
        Note(user, Rule.DIGEST.value, f"digest:{day.isoformat()}", title_of(count), "/", text_of(count))
        for user, count in sorted(brings.items())
        if user not in silent and (works or of_today(count))
    ]
    return notes, None


def what_comes(now: datetime) -> Day:
    """Per person who works here: plans, follow-ups, promises, key dates, open warnings, and what is late by
    now."""
    first, last = day_bounds(local_day(now))
    plans = PlanExecutor.objects.filter(
        plan__completed_at__isnull=True, plan__customer__archived_at__isnull=True
    )
    customers = Customer.objects.filter(LIVE, ~IS_PLANNED, owner__isnull=False, next_follow_up_at__lt=last)
    today = local_day(now)
    ours = Promise.objects.open().filter(
        side=Side.OURS, customer__archived_at__isnull=True, due_on__lte=today
    )
    days = KeyDate.objects.open().live().filter(next_on=today, customer__owner__isnull=False)
    is_late = Q(plan__due_at__lt=now)
    warned = ChurnWarning.objects.live().filter(status=Status.OPEN, customer__owner__isnull=False)
    parts = {
        "falling": standing().values_list("owner_id"),
        "plans": plans.filter(~is_late, plan__starts_at__lt=last).values_list("user_id"),
        "follow_ups": customers.filter(next_follow_up_at__gte=first).values_list("owner_id"),
        "promises": ours.filter(due_on=local_day(now), responsible__isnull=False).values_list(
            "responsible_id"
        ),
        "days": days.values_list("customer__owner_id"),
        "churn": warned.values_list("customer__owner_id"),
        "late": plans.filter(is_late).values_list("user_id"),
        "late_follow_ups": customers.filter(next_follow_up_at__lt=first).values_list("owner_id"),
    }
    found: Day = defaultdict(Counter)
    here = active_users()
    for name, rows in parts.items():
        for user, count in rows.annotate(many=Count("pk")):
            if user in here:
                found[user][name.removesuffix("_follow_ups") if name.startswith("late") else name] += count
    return dict(found)


def of_today(count: Counter[str]) -> int:
    """How much of it is of the day itself."""
    return count["plans"] + count["follow_ups"] + count["promises"] + count["days"]


def title_of(count: Counter[str]) -> str:
    """The day in a number."""
    if of_today(count):
        return _("今天有%(count)d件事要做") % {"count": of_today(count)}
    if not count["late"]:
        if count["falling"]:
            return _("今天没有新的安排，有%(count)d个客户快掉入公海") % {"count": count["falling"]}
        return _("今天没有新的安排，有%(count)d个客户可能流失") % {"count": count["churn"]}
    return _("今天没有新的安排，还有%(count)d项逾期") % {"count": count["late"]}


def text_of(count: Counter[str]) -> str:
    """The day in parts."""
    parts = (
        ("plans", _("%d个计划")),
        ("follow_ups", _("%d个客户要跟进")),
        ("promises", _("%d个承诺到期")),
        ("days", _("%d个重要日子")),
        ("late", _("%d项逾期")),
        ("falling", _("%d个客户快掉入公海")),
        ("churn", _("%d个流失预警")),
    )
    return _("、").join(words % count[name] for name, words in parts if count[name])
