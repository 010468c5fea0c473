"""Rounds of reminders, by the schedule."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.key_dates.actions import roll_forward
from kebu.crm.reminders import daily, due, unconfirmed
from kebu.crm.reminders.choices import Rule
from kebu.crm.reminders.digest import digests
from kebu.crm.reminders.queries import Leads, is_on, policy
from kebu.crm.reminders.rounds import Step, go_round, span_of

DUE, DAILY, DIGEST = "due", "daily", "digest"


@job_kind("reminders.due", label=_("到时间以前的提醒"), lane="reminders.due")
def remind_of_due(job: Job, stop: Stop) -> dict[str, int]:
    """Plans and follow-ups that come near, and what should be confirmed by now."""
    office, span = policy(), span_of(DUE, job, timedelta(hours=1))
    near = due.steps(office, Leads.read(office.lead_minutes), span)
    return go_round(DUE, job, stop, [*near, *unconfirmed.steps(office)], span)


@job_kind("reminders.daily", label=_("每天的提醒：逾期、被忘的、承诺、重要日子"), lane="reminders.daily")
def remind_daily(job: Job, stop: Stop) -> dict[str, int]:
    """What is late, forgotten, promised, or comes again."""
    office, span = policy(), span_of(DAILY, job, timedelta(days=1))
    told = go_round(DAILY, job, stop, daily.steps(office), span)
    return {**told, "rolled": roll_forward(timezone.localdate(), at=timezone.now())}


@job_kind("reminders.digest", label=_("每天8:30的安排"), lane="reminders.digest")
def tell_the_day(job: Job, stop: Stop) -> dict[str, int]:
    """What the day brings."""
    wanted = [Step("digests", digests)] if is_on(Rule.DIGEST, policy()) else []
    return go_round(DIGEST, job, stop, wanted, span_of(DIGEST, job, timedelta(days=1)))
