"""Forms of a plan: making and changing one, putting it off, what comes after it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.fields.directories import Context
from kebu.base.fields.forms import RecordForm
from kebu.base.kit.dates import day_bounds, local_day
from kebu.base.kit.errors import KitError
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.forms import refuse_departed
from kebu.crm.customers.models import Customer
from kebu.crm.followups.choices import PlanKind
from kebu.crm.followups.fields import PLAN_FIELDS
from kebu.crm.followups.models import Plan
from kebu.crm.followups.pickers import PeoplePicker
from kebu.crm.interactions.choices import Method

MORNING, EVENING = timedelta(hours=9), timedelta(hours=18)
LATEST = timedelta(days=730)
NEW = ("goal", "kind", "method", "starts_at", "due_at", "expected", "executors", "requirement")
CHANGED = tuple(name for name in NEW if name != "starts_at")  # that is put off, under a reason
WITH_CUSTOMER = (PlanKind.FOLLOW_UP, PlanKind.VISIT, PlanKind.TASK)


def nine(day: date) -> datetime:
    """Nine in the morning of the day."""
    return day_bounds(day)[0] + MORNING


def check_ahead(moment: datetime | None, today: date) -> datetime | None:
    """Refuse what has passed, or is years away."""
    if moment and not today <= local_day(moment) <= today + LATEST:
        raise forms.ValidationError(_("要在今天以后的两年里"))
    return moment


class PlanForm(RecordForm):
    """A plan with a customer, or a task of its own; ``record`` to change one."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        customer: Customer | None,
        context: Context,
        user_id: int,
        record: Plan | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.customer, self.record = customer, record
        self.people: list[Contact] = list(customer.contacts.in_order()) if customer else []
        names = CHANGED if record else NEW
        fields = [PLAN_FIELDS[name] for name in names]
        usual = {} if record else {**_usual(context.today, user_id), **(initial or {})}
        super().__init__(data, fields=fields, context=context, record=record, initial=usual)
        self._shape()

    def _shape(self) -> None:
        """Chips, people, contacts."""
        self.fields["method"].widget = forms.RadioSelect(choices=Method.choices)
        kinds = [(kind.value, kind.label) for kind in WITH_CUSTOMER]
        self.fields["kind"].widget = forms.RadioSelect(choices=kinds)
        if "starts_at" in self.fields:
            self.fields["starts_at"].label = PLAN_FIELDS["first_at"].label
        if self.customer is None:
            del self.fields["kind"]
        kind = PLAN_FIELDS["executors"].kind
        self.fields["executors"].widget = PeoplePicker(kind.words(self.context), kind.choices(self.context))
        self.fields["requirement"].widget.attrs["rows"] = "2"
        people = [("", _("不指定联系人")), *((str(one.pk), one.with_title) for one in self.people)]
        self.fields["contact"] = forms.ChoiceField(label=_("联系人"), choices=people, required=False)
        if self.record:
            self.initial["contact"] = str(self.record.contact_id or "")
        elif "contact" not in self.initial:
            usual = next((one for one in self.people if one.is_key or len(self.people) == 1), None)
            self.initial["contact"] = str(usual.pk) if usual else ""

    def clean_starts_at(self) -> datetime | None:
        return check_ahead(self.cleaned_data["starts_at"], self.context.today)

    def clean_due_at(self) -> datetime | None:
        due: datetime | None = self.cleaned_data["due_at"]
        stood = self.record.due_at if self.record and "due_at" not in self.changed_data else None
        return due if stood else check_ahead(due, self.context.today)

    def clean_executors(self) -> list[int]:
        """Nothing is given to people who no longer work here."""
        found: list[int] = self.cleaned_data["executors"]
        before = set(self.record.executor_ids) if self.record else set()
        for key in found:
            if key not in before:
                refuse_departed(key, self.context)
        return found

    def clean(self) -> dict[str, Any]:
        """A plan ends after it begins; a day meant as a whole ends with it."""
        starts = self.cleaned_data.get("starts_at") or (self.record.starts_at if self.record else None)
        due = self.cleaned_data.get("due_at")
        if due and "due_at" in self.changed_data and timezone.localtime(due).time() == datetime.min.time():
            due = self.cleaned_data["due_at"] = due + timedelta(days=1, minutes=-1)
        if starts and due and due < starts:
            self.add_error("due_at", _("截止时间要在跟进时间之后"))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The values of the plan; a task of its own is one."""
        kind = {} if "kind" in self.fields else {"kind": PlanKind.TASK.value}
        return {**kind, **super().values()}

    def correction(self) -> dict[str, Any]:
        """The values as they change the plan, its contact among them."""
        return {**super().values(), "contact": self.contact.pk if self.contact else None}

    @property
    def contact(self) -> Contact | None:
        """The contact chosen, always one of the customer's own."""
        chosen = self.cleaned_data.get("contact")
        return next((one for one in self.people if str(one.pk) == chosen), None)

    def refuse(self, refusal: KitError) -> None:
        """Say why the verb did not do it."""
        self.add_error("executors", refusal.message)


def _usual(today: date, user_id: int) -> dict[str, Any]:
    """What a new plan begins with: tomorrow morning, until its evening, for oneself."""
    day = today + timedelta(days=1)
    return {
        "starts_at": nine(day),
        "due_at": day_bounds(day)[0] + EVENING,
        "method": Method.PHONE.value,
        "kind": PlanKind.FOLLOW_UP.value,
        "executors": [user_id],
    }


class PostponeForm(forms.Form):
    """Until when, and why; a quick day keeps the time of day."""

    day = forms.CharField(max_length=10, required=False)
    starts_at = forms.CharField(max_length=40, required=False)
    reason = forms.CharField(
        label="",
        max_length=200,
        error_messages={"required": "", "max_length": ""},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, context: Context, plan: Plan | None) -> None:
        super().__init__(data)
        self.context, self.plan = context, plan
        self.fields["reason"].label = _("延期原因")
        self.fields["reason"].error_messages = {
            "required": _("写一句为什么延期，主管看得到"),
            "max_length": _("太长了，最多200个字"),
        }

    def clean(self) -> dict[str, Any]:
        """The moment meant."""
        kind = PLAN_FIELDS["starts_at"].kind
        text = self.cleaned_data.get("starts_at") or self.cleaned_data.get("day")
        if not text:
            self.add_error("day", _("还没选改到哪天"))
            return self.cleaned_data
        try:
            moment: datetime = kind.parse(text, self.context)
            if not self.cleaned_data.get("starts_at"):
                moment = self.on_day(self.plan, moment)
            self.cleaned_data["moment"] = check_ahead(moment, self.context.today)
        except KitError as refusal:
            self.add_error("day", refusal.message)
        except forms.ValidationError as refusal:
            self.add_error("day", refusal)
        return self.cleaned_data

    @staticmethod
    def on_day(plan: Plan | None, day: datetime) -> datetime:
        """That day at the plan's time of day."""
        if plan is None:
            return day
        clock = timezone.localtime(plan.starts_at)
        return day + timedelta(hours=clock.hour, minutes=clock.minute)
