"""What is asked before data of a person is given out or erased, and before a rule is changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.kit.text import tidy
from kebu.front.privacy.choices import Ground
from kebu.front.privacy.keeping import LEAST, MOST
from kebu.front.privacy.people import Person


class GroundForm(forms.Form):
    """Why."""

    ground = forms.ChoiceField(
        label=gettext_lazy("原因"),
        choices=[("", gettext_lazy("请选择")), *Ground.choices],
        error_messages={"required": gettext_lazy("请选原因，会记进操作日志")},
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("谁在什么时候提出的"),
    )

    @property
    def reason(self) -> str:
        """The ground and the note as one sentence."""
        label, note = str(Ground(self.cleaned_data["ground"]).label), tidy(self.cleaned_data["note"])
        return f"{label}：{note}" if note else label


class ErasureForm(GroundForm):
    """Why, and the name typed once more: it cannot be taken back."""

    confirmed = forms.CharField(
        label=gettext_lazy("再写一遍姓名确认"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, person: Person, data: Any = None) -> None:
        super().__init__(data)
        self.person = person

    def clean_confirmed(self) -> str:
        typed = tidy(self.cleaned_data["confirmed"])
        if typed != self.person.record.name:
            raise forms.ValidationError(_("和“%(name)s”不一样，没有清除") % {"name": self.person.record.name})
        return typed


class RuleForm(forms.Form):
    """How many months, and whether the rule counts."""

    months = forms.IntegerField(
        label=gettext_lazy("保留几个月"),
        min_value=LEAST,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"min": LEAST, "max": MOST, "inputmode": "numeric"}),
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用：每天夜里清除到期的"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
