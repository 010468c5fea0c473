"""Rounds of reminders, by the schedule."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from kebu.base.jobs.models import Job
from kebu.base.jobs.registry import Stop, job_kind
from kebu.crm.reminders import due
from kebu.crm.reminders.queries import Leads, policy
from kebu.crm.reminders.rounds import go_round, span_of

DUE = "due"


@job_kind("reminders.due", label=_("到时间以前的提醒"), lane="reminders.due")
def remind_of_due(job: Job, stop: Stop) -> dict[str, int]:
    """Plans and follow-ups that come near."""
    office, span = policy(), span_of(DUE, job, timedelta(hours=1))
    return go_round(DUE, job, stop, due.steps(office, Leads.read(office.lead_minutes), span), span)
