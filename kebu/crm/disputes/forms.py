"""What an applicant fills in, and what settles it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Level
from kebu.base.fields.days import Day
from kebu.base.fields.directories import Context
from kebu.base.fields.fieldsets import Field, FieldSet
from kebu.base.fields.forms import RecordForm
from kebu.base.fields.kinds import Choice, LongText
from kebu.crm.disputes.choices import Aim, Outcome
from kebu.crm.disputes.models import Dispute

DISPUTE_FIELDS = FieldSet(
    Dispute,
    "dispute",
    [
        Field("aim", Choice(Aim), level=Level.REQUIRED),
        Field("reason", LongText(1000), level=Level.REQUIRED),
        Field("contacted_on", Day(), help="你第一次和这个客户接触是哪天"),
        Field("evidence", LongText(2000)),
    ],
)


class DisputeForm(RecordForm):
    """Why one should be let in, or have the customer."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, context: Context, aim: str = Aim.COOPERATE
    ) -> None:
        initial = {"aim": aim if aim in Aim else Aim.COOPERATE.value}
        super().__init__(data, fields=DISPUTE_FIELDS.values(), context=context, initial=initial)

    def clean_contacted_on(self) -> date | None:
        """Nobody met anybody tomorrow."""
        day: date | None = self.cleaned_data["contacted_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("首次接触不能在今天以后"))
        return day

    def clean(self) -> dict[str, Any]:
        """Who contests a customer says what he bases it on."""
        values = self.cleaned_data
        has_ground = values.get("evidence") or values.get("contacted_on") or self.has_error("contacted_on")
        if values.get("aim") == Aim.CONTEST and not has_ground:
            self.add_error("evidence", _("提出异议要写首次接触时间或依据，让决定的人有据可查"))
        return values


class DecisionForm(forms.Form):
    """How it ends, in words that both read."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("怎么定"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一种决定")},
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("双方都会看到"),
        error_messages={"required": gettext_lazy("写一句理由，双方都会看到")},
    )


class AnswerForm(forms.Form):
    """The owner's side."""

    text = forms.CharField(
        label=gettext_lazy("你的说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写跟进到哪一步、为什么归你，决定的人会看到"),
        error_messages={"required": gettext_lazy("写几句再提交")},
    )
