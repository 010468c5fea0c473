"""Forms: the office's rules, one's own wishes, a recurring need."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kebu.base.kit.dates import parse_date
from kebu.base.kit.errors import Unreadable
from kebu.crm.reminders.choices import Cycle, Lead, Rule
from kebu.crm.reminders.models import NeedCycle, ReminderPolicy, Wish

SPANS = ("escalate_days", "untouched_days", "missing_days", "proposal_hours")
MOST_DAYS, MOST_HOURS = 365, 72
WRONG = {MOST_DAYS: _lazy("请写1到365之间的整数"), MOST_HOURS: _lazy("请写1到72之间的整数")}
MOST_LEAD = 90


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


class NeedForm(forms.Form):
    """What a customer buys again and again."""

    name = forms.CharField(
        label=_lazy("需求"),
        max_length=100,
        help_text=_lazy("买什么，如 季度耗材、年度维保"),
        error_messages={"required": _lazy("请写客户定期买什么，如 季度耗材")},
    )
    cycle_months = forms.TypedChoiceField(
        label=_lazy("周期"), choices=Cycle.choices, coerce=int, initial=Cycle.QUARTER
    )
    next_on = forms.CharField(
        label=_lazy("下次采购"),
        max_length=20,
        help_text=_lazy("预计哪天要买，如 2027-01-15、下月15日"),
        error_messages={"required": _lazy("请写下次大概哪天要买，如 2027-01-15")},
    )
    lead_days = forms.IntegerField(
        label=_lazy("提前几天提醒"),
        min_value=0,
        max_value=MOST_LEAD,
        initial=14,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _lazy("请写0到90之间的整数")
        ),
    )
    remark = forms.CharField(
        label=_lazy("备注"), max_length=300, required=False, help_text=_lazy("用量、谁批、上次价格")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    NAMES = ("name", "cycle_months", "next_on", "lead_days", "remark")

    def __init__(self, *args: Any, need: NeedCycle | None = None, **kwargs: Any) -> None:
        if need is not None:
            kwargs["initial"] = {name: getattr(need, name) for name in (*self.NAMES, "version")}
        super().__init__(*args, **kwargs)
        self.need = need

    def clean_next_on(self) -> date:
        """The day meant, in any form people write."""
        today = timezone.localdate()
        try:
            day = parse_date(self.cleaned_data["next_on"], today, "future")
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        is_kept = self.need is not None and day == self.need.next_on
        if day < today and not is_kept:
            raise ValidationError(_("下次采购要写今天或以后的日子"))
        return day

    def values(self) -> dict[str, Any]:
        """The columns of the need."""
        return {name: self.cleaned_data[name] for name in self.NAMES}
