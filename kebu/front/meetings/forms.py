"""Forms of a meeting: a problem, a decision."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import may
from kebu.base.kit.dates import day_bounds
from kebu.crm.customers.models import Customer
from kebu.office.staff.models import User

MORNING, EVENING = timedelta(hours=9), timedelta(hours=18)
LATEST = timedelta(days=730)


class PointForm(forms.Form):
    """What was said, about which of the person's customers if any."""

    number = forms.CharField(
        label=_("客户"), required=False, max_length=16, help_text=_("不写就是不关联客户")
    )
    text = forms.CharField(label=_("内容"), max_length=200)

    def __init__(self, data: Mapping[str, Any] | None, *, leader: User, rep: User, prefix: str) -> None:
        super().__init__(data, prefix=prefix, auto_id=f"id_{prefix}_%s")
        self.leader, self.rep = leader, rep
        self.customer: Customer | None = None

    def clean_number(self) -> str:
        """One of the person's customers, by its number."""
        number: str = self.cleaned_data["number"].strip().upper()
        if number:
            seen = Customer.objects.visible_to(self.leader).live().filter(owner=self.rep)
            self.customer = seen.filter(number=number).first()
            if self.customer is None:
                raise forms.ValidationError(_("没有找到这个客户，请从下面的名单里选"))
        return number


class DecisionForm(PointForm):
    """What the person is to do, what is to come of it, until when."""

    expected = forms.CharField(label=_("预期成果"), max_length=200)
    due_on = forms.DateField(label=_("截止时间"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, data: Mapping[str, Any] | None, *, leader: User, rep: User, prefix: str, today: date
    ) -> None:
        super().__init__(data, leader=leader, rep=rep, prefix=prefix)
        self.today = today
        self.fields["text"].label = _("做什么")
        self.order_fields(["text", "expected", "due_on", "number"])
        self.initial["due_on"] = (today + timedelta(days=7)).isoformat()

    def clean_number(self) -> str:
        """A decision is a plan: who makes none with that customer decides none."""
        number = super().clean_number()
        if self.customer is not None and not may(self.leader, Permission.PLAN_CREATE, self.customer):
            told = _("你的角色不能给这个客户新建跟进计划，请负责人自己定，或找管理员开通“新建跟进计划”")
            raise forms.ValidationError(told)
        return number

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if not self.today <= day <= self.today + LATEST:
            raise forms.ValidationError(_("要在今天以后的两年里"))
        return day

    def values(self) -> dict[str, Any]:
        """The plan, by name of its fields: it begins on its last day and stands there in the calendar."""
        day: date = self.cleaned_data["due_on"]
        start: datetime = day_bounds(day)[0]
        return {
            "goal": self.cleaned_data["text"],
            "expected": self.cleaned_data["expected"],
            "starts_at": start + MORNING,
            "due_at": start + EVENING,
        }
