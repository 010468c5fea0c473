"""The form of a warning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Use
from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.crm.churn.choices import Cause, Measure, Status
from kebu.crm.churn.fields import CHURN_FIELDS
from kebu.crm.churn.models import ChurnWarning
from kebu.crm.customers.fields import CUSTOMER_FIELDS
from kebu.crm.key_dates.models import LAST_YEAR


def may_lose(context: Context) -> bool:
    """Whether the reader may make a 流失客户 of a customer, and a 成交客户 again."""
    return CUSTOMER_FIELDS["customer_type"].allows(Use.EDIT, context)


class WarningForm(RecordForm):
    """流失原因, 挽回措施, 再看日期, and the day of a plan; what is asked for goes by what one does:
    keeping it wants both, a lost customer wants a cause."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, context: Context, record: ChurnWarning, can_plan: bool
    ) -> None:
        super().__init__(data, fields=CHURN_FIELDS.editable(), context=context, record=record)
        self.can_lose = may_lose(context)
        self.fields["cause"].help_text = _("保存要选；已流失也要选") if self.can_lose else _("保存要选")
        self.fields["measure"].help_text = _("保存要选")
        if can_plan:
            self.fields["plan_on"] = forms.DateField(
                label=gettext_lazy("安排跟进"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                help_text=gettext_lazy("填了日期，就给自己排一个这天的跟进计划"),
                error_messages={"invalid": gettext_lazy("日期要写成2026-12-01这样")},
            )

    @property
    def to(self) -> Status | None:
        """How it is settled with this form; None while one works on it."""
        asked = self.data.get("to", "")
        return Status(asked) if asked in (Status.STEADY, Status.LOST) else None

    def clean(self) -> dict[str, Any] | None:
        told = self.cleaned_data
        if self.to is Status.LOST and not self.can_lose:
            self.add_error(None, _("客户类型对你是只读的，请能改的同事来定已流失"))
        if self.to is not Status.STEADY and not told.get("cause") and "cause" not in self.errors:
            self.add_error("cause", _("选一个原因；还不清楚就选“其他”，写上去问谁"))
        if self.to is None and not told.get("measure") and "measure" not in self.errors:
            self.add_error("measure", _("选一个挽回措施；都不合适就选“其他”，写上怎么做"))
        for name, other in (("cause", Cause.OTHER), ("measure", Measure.OTHER)):
            if told.get(name) == other and not told.get(f"{name}_note"):
                self.add_error(f"{name}_note", _("选了“其他”，请写一句是什么"))
        for name in ("look_on", "plan_on"):
            day = told.get(name)
            if day and day < self.context.today and name in self.changed_data:
                self.add_error(name, _("要写今天或以后的日子"))
        if (day := told.get("plan_on")) and day.year > LAST_YEAR:
            self.add_error("plan_on", _("年份要在%(last)d以前") % {"last": LAST_YEAR + 1})
        return told

    def values(self) -> dict[str, Any]:
        """The values of the warning alone."""
        return {item.name: self.cleaned_data[item.name] for item in self.items}

    @property
    def plan_on(self) -> date | None:
        """For which day a plan is made."""
        day: date | None = self.cleaned_data.get("plan_on")
        return day
