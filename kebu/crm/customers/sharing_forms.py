"""With whom a customer is shared: the fields of a share, and the form that lets somebody in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.access.sharing import Share
from kebu.base.fields.choices import Level
from kebu.base.fields.days import Day
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.forms import RecordForm
from kebu.base.fields.kinds import Choice
from kebu.crm.customers.collaborators import Grant
from kebu.crm.customers.forms import refuse_departed
from kebu.crm.customers.models import Collaborator
from kebu.office.staff.fields import UserKind

COLLABORATOR_FIELDS = FieldSet(
    Collaborator,
    "collaborator",
    [
        Field("user", UserKind(), level=Level.REQUIRED),
        Field("level", Choice(Share), level=Level.REQUIRED),
        Field("until_on", Day()),
    ],
)


class CollaboratorForm(RecordForm):
    """Whom to let in, how far and how long; everybody who works here can be asked to help."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, context: Context, is_end: bool = False
    ) -> None:
        """With ``is_end`` only who it is counts."""
        self.is_end = is_end
        super().__init__(
            data,
            fields=COLLABORATOR_FIELDS.editable(),
            context=context,
            initial={"level": Share.VIEW.value},
        )

    def clean_user(self) -> int:
        """Refuse people who no longer work here."""
        user_id: int = self.cleaned_data["user"]
        if not self.is_end:
            refuse_departed(user_id, self.context)
        return user_id

    def clean(self) -> dict[str, Any]:
        """What was typed besides does not matter to an end."""
        for name in [name for name in self.errors if self.is_end and name != "user"]:
            del self.errors[name]
        return self.cleaned_data

    def clean_until_on(self) -> date | None:
        """A share that ended before it began is a slip of the finger."""
        until_on: date | None = self.cleaned_data["until_on"]
        if until_on is not None and until_on < timezone.localdate():
            raise ValidationError(_("这一天已经过了，请选今天或以后，不写就一直协作"))
        return until_on

    @property
    def grant(self) -> Grant:
        """What the verb is told."""
        values = self.values()
        return Grant(values["user"], values.get("level") or Share.VIEW, values.get("until_on"))
