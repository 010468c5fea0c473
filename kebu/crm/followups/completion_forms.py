"""The one form in which a plan is completed: what happened, what of it, what comes next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Level
from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.base.kit.dates import local_day
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import PlanStatus
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.forms import check_ahead
from kebu.crm.followups.models import Plan
from kebu.crm.followups.queries import STEERING
from kebu.crm.followups.standing import standing_of
from kebu.crm.interactions.forms import KEEP, InteractionForm

ENDS = (
    (PlanStatus.DONE.value, gettext_lazy("做完了")),
    (PlanStatus.WAITING.value, gettext_lazy("还要等客户反馈")),
)
NEXT = "then"


class CompletionForm(InteractionForm):
    """The composer's fields, as the plan suggests them. What stands with the customer is this plan: «as it
    is» means the next one of the customer, when there is one."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, done: Plan, customer: Customer, context: Context
    ) -> None:
        self.done = done
        self.of = customer
        self.today = context.today
        stands = standing_of(context.reader, customer, context) if context.reader else None
        super().__init__(data, customer=customer, context=context, standing=stands)
        self.auto_id = f"id_%s_plan{done.pk}"
        self.initial["method"] = done.method
        if done.contact_id:
            self.initial["contact"] = str(done.contact_id)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("这个计划"), choices=ENDS, required=False, widget=forms.RadioSelect
        )
        self.initial["outcome"] = PlanStatus.DONE.value

    @cached_property
    def following(self) -> Plan | None:
        """The customer's next open plan besides this one."""
        others = Plan.objects.filter(STEERING, customer=self.done.customer_id).exclude(pk=self.done.pk)
        return others.order_by("starts_at", "id").first()

    @property
    def plan(self) -> datetime | None:
        stands = super().plan
        if stands is None or stands != self.done.starts_at:
            return stands
        moment = self.following.starts_at if self.following else None
        return moment if moment and local_day(moment) > self.today else None

    def values(self) -> dict[str, Any]:
        """What is kept is told in the words of the plan that stands next."""
        values = super().values()
        is_kept = self.cleaned_data.get("next_day", KEEP) == KEEP and self.following is not None
        if is_kept and self.following and values["next_follow_up_at"] == self.following.starts_at:
            values["next_step"] = self.following.goal
        return values

    @property
    def status(self) -> str:
        """What becomes of the plan."""
        return self.cleaned_data.get("outcome") or PlanStatus.DONE.value


class NextForm(RecordForm):
    """The plan that follows; none unless it has a goal."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, context: Context) -> None:
        names = ("goal", "starts_at", "due_at", "expected")
        fields = [replace(PLAN_FIELDS[name], level=Level.OPTIONAL) for name in names]
        super().__init__(data, fields=fields, context=context, prefix=NEXT)

    def clean(self) -> dict[str, Any]:
        """With a goal it is a plan like any other."""
        told = self.cleaned_data
        if told.get("goal"):
            for name in ("starts_at", "due_at", "expected"):
                if not told.get(name) and name not in self.errors:
                    label = PLAN_FIELDS[name].label
                    self.add_error(name, _("%(label)s必须填写") % {"label": label})
            starts, due = told.get("starts_at"), told.get("due_at")
            if starts and due and due < starts:
                self.add_error("due_at", _("截止时间要在跟进时间之后"))
        return told

    def clean_starts_at(self) -> datetime | None:
        return check_ahead(self.cleaned_data["starts_at"], self.context.today)

    @property
    def is_wanted(self) -> bool:
        return bool(self.cleaned_data.get("goal"))


class ResultForm(forms.Form):
    """How a task of its own ended."""

    result = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": "3", "data-grow": ""}))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["result"].label = _("完成情况")
        self.fields["result"].error_messages = {
            "required": _("写一句做成了什么"),
            "max_length": _("太长了，最多2000个字"),
        }
