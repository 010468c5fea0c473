"""The warning's fields, in form order."""

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.kinds import Choice, Text
from kebu.crm.churn.choices import Cause, Measure, Risk, Status
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.key_dates.fields import ComingDay

CHURN_FIELDS = FieldSet(
    ChurnWarning,
    "churn-warning",
    [
        Field("cause", Choice(Cause)),
        Field("cause_note", Text(300)),
        Field("measure", Choice(Measure)),
        Field("measure_note", Text(300)),
        Field("look_on", ComingDay()),
        Field("opened_at", days.Moment(), is_editable=False),
        Field("risk", Choice(Risk), is_editable=False),
        Field("status", Choice(Status), is_editable=False),
        Field("closing", Text(100), is_editable=False),
    ],
    strictest=FieldRule.VISIBLE,  # who sees the customer sees why one worries
)
