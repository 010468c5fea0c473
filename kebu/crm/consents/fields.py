"""The consent's fields, in form order."""

from kebu.base.fields import days
from kebu.base.fields.choices import Level
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.kinds import Choice, MultiChoice, Text
from kebu.crm.consents import choices
from kebu.crm.consents.models import Consent

CONSENT_FIELDS = FieldSet(
    Consent,
    "consent",
    [
        Field("purposes", MultiChoice(choices.Purpose), level=Level.REQUIRED),
        Field("given_on", days.Day(), level=Level.REQUIRED),
        Field("source", Choice(choices.Source), level=Level.REQUIRED),
        Field("evidence", Text(200)),
    ],
)
