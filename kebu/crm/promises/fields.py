"""The promise's fields, as the journal tells of them."""

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.kinds import Choice, LongText
from kebu.crm.promises.choices import Side, State
from kebu.crm.promises.models import Promise

PROMISE_FIELDS = FieldSet(
    Promise,
    "promise",
    [
        Field("side", Choice(Side), is_editable=False),
        Field("text", LongText(), is_editable=False),
        Field("due_on", days.Day(), is_editable=False),
        Field("state", Choice(State), is_editable=False),
    ],
    strictest=FieldRule.VISIBLE,  # who sees the customer reads what was promised
)
