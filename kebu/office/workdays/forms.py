"""Forms of the working calendar."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.kit.errors import Unreadable
from kebu.office.workdays.choices import DayKind
from kebu.office.workdays.models import OfficeDay
from kebu.office.workdays.notices import NoticeDay, read_notice

FIRST, LAST = date(1986, 1, 1), date(2100, 12, 31)
LONGEST = 10_000


class DayForm(forms.Form):
    """A day that the office works or does not."""

    day = forms.DateField(
        label=gettext_lazy("日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("请选日期")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("安排"), choices=DayKind.choices, initial=DayKind.OFF, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=20,
        help_text=gettext_lazy("日历上显示它，如 公司年会、厂休"),
        error_messages={"required": gettext_lazy("请填名称")},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: OfficeDay) -> None:
        names = ("day", "kind", "name", "version")
        super().__init__(data, initial={name: getattr(row, name) for name in names} if row.day else {})

    def clean_day(self) -> date:
        """A day that calendars reach."""
        day: date = self.cleaned_data["day"]
        if not FIRST <= day <= LAST:
            raise ValidationError(_("日期要在1986年到2100年之间"))
        return day

    def values(self) -> dict[str, Any]:
        """What to keep, by column."""
        return {name: self.cleaned_data[name] for name in ("day", "kind", "name")}


class NoticeForm(forms.Form):
    """The notice of a year, pasted."""

    year = forms.IntegerField(
        label=gettext_lazy("哪一年"),
        min_value=1986,
        max_value=2100,
        error_messages={"required": gettext_lazy("请填年份，如 2027")},
    )
    text = forms.CharField(
        label=gettext_lazy("放假通知"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("贴通知的原文，或每行写：2027-02-05,放假,春节"),
        error_messages={
            "required": gettext_lazy("请贴放假通知"),
            "max_length": gettext_lazy("太长了，只贴放假安排那一段"),
        },
    )

    def clean(self) -> dict[str, Any]:
        """What the text says."""
        told = super().clean() or {}
        self.days: list[NoticeDay] = []
        if told.get("year") and told.get("text"):
            try:
                self.days = read_notice(told["text"], told["year"])
            except Unreadable as refusal:
                self.add_error("text", refusal.message)
        return told
