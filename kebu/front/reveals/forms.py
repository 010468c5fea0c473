"""The question before the look."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.front.reveals.choices import Reason

LONGEST = 60


class ReasonForm(forms.Form):
    """A reason from the list; 其他 needs words."""

    reason = forms.ChoiceField(label=gettext_lazy("用途"), choices=Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=LONGEST)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].error_messages["required"] = _("选一个用途，会记进操作日志")

    def clean(self) -> dict[str, Any]:
        """其他 alone says nothing."""
        if self.cleaned_data.get("reason") == Reason.OTHER and not self.cleaned_data.get("words", "").strip():
            self.add_error("words", _("选了“其他”，写几个字说明做什么用"))
        return self.cleaned_data

    @property
    def told(self) -> str:
        """The reason as the journal keeps it."""
        label = str(Reason(self.cleaned_data["reason"]).label)
        return "：".join(filter(None, [label, self.cleaned_data["words"].strip()]))
