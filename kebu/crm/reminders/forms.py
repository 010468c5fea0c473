"""Forms: the office's rules, one's own wishes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.crm.reminders.choices import Lead, Rule
from kebu.crm.reminders.models import ReminderPolicy, Wish

SPANS = ("escalate_days", "untouched_days", "missing_days", "proposal_hours")
MOST_DAYS, MOST_HOURS = 365, 72
WRONG = {MOST_DAYS: _lazy("请写1到365之间的整数"), MOST_HOURS: _lazy("请写1到72之间的整数")}


def span_field(name: str, most: int = MOST_DAYS) -> forms.IntegerField:
    """A number of days or hours; when it must not be, the sentence says what may."""
    wrong = WRONG[most]
    field: Any = ReminderPolicy._meta.get_field(name)
    return forms.IntegerField(
        label=field.verbose_name,
        help_text=field.help_text,
        min_value=1,
        max_value=most,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class PolicyForm(forms.Form):
    """Which reminders the office wants, and after how many days."""

    on = forms.MultipleChoiceField(
        label=_lazy("提醒什么"),
        required=False,
        choices=Rule.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("去掉的谁都不会收到；每个人还可以在通知设置里选怎样告诉自己"),
    )
    lead_minutes = forms.TypedChoiceField(
        label=_lazy("提前多久"), choices=Lead.choices, coerce=int, help_text=_lazy("员工自己没有选时用这个")
    )
    escalate_days = span_field("escalate_days")
    untouched_days = span_field("untouched_days")
    missing_days = span_field("missing_days")
    proposal_hours = span_field("proposal_hours", MOST_HOURS)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: ReminderPolicy, **kwargs: Any) -> None:
        values = {name: getattr(office, name) for name in ("lead_minutes", "version", *SPANS)}
        values["on"] = [value for value in Rule.values if value not in office.off]
        kwargs["initial"] = values
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """The columns of the office's row."""
        given = {name: self.cleaned_data[name] for name in ("lead_minutes", *SPANS)}
        return {**given, "off": [value for value in Rule.values if value not in self.cleaned_data["on"]]}


class WishForm(forms.Form):
    """How long before its time one wants to be reminded, and whether of the day."""

    lead_minutes = forms.TypedChoiceField(
        label=_lazy("提前多久提醒我"), required=False, coerce=int, empty_value=None
    )
    wants_digest = forms.BooleanField(
        label=_lazy("每天8:30告诉我今天的安排"),
        required=False,
        help_text=_lazy("工作日都发；休息日当天有安排才发"),
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, wish: Wish, usual: int, **kwargs: Any) -> None:
        shown = ("lead_minutes", "wants_digest", "version")
        kwargs["initial"] = {name: getattr(wish, name) for name in shown}
        super().__init__(*args, **kwargs)
        house = _("和公司一样（%s）") % Lead(usual).label
        lead: Any = self.fields["lead_minutes"]
        lead.choices = [("", house), *Lead.choices]

    def values(self) -> dict[str, Any]:
        """The columns of the wish."""
        return {name: self.cleaned_data[name] for name in ("lead_minutes", "wants_digest")}
