"""Forms of the rules."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.forms import WordsField
from kebu.crm.cadence.choices import Unit
from kebu.crm.cadence.models import CadenceRule
from kebu.crm.cadence.rhythms import Step
from kebu.crm.customers.choices import CustomerType
from kebu.crm.interactions.choices import Method

LABELS = {item.name: item for item in CadenceRule._meta.fields}
MOST = {"day": 366, "week": 52, "month": 24}
LAST = date(2100, 12, 31)


def _label(name: str) -> Any:
    return LABELS[name].verbose_name


class RuleForm(forms.Form):
    """A rhythm of a grade from a day on."""

    valid_from = forms.DateField(
        label=_label("valid_from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("今天或以后；到这一天之前照现在的规则"),
        error_messages={"required": gettext_lazy("请选生效日期")},
    )
    is_active = forms.BooleanField(
        label=_label("is_active"), required=False, help_text=gettext_lazy("不勾就从生效日期起不再安排")
    )
    every = forms.IntegerField(
        label=_label("every"),
        min_value=1,
        error_messages={"required": gettext_lazy("请填每隔多久"), "min_value": gettext_lazy("至少是1")},
    )
    unit = forms.ChoiceField(label=_label("unit"), choices=Unit.choices)
    slack_days = forms.IntegerField(
        label=_label("slack_days"),
        min_value=0,
        max_value=60,
        help_text=LABELS["slack_days"].help_text,
        error_messages={"required": gettext_lazy("请填可以提前几天，不能提前就填0")},
    )
    name = forms.CharField(
        label=_label("name"),
        max_length=20,
        help_text=LABELS["name"].help_text,
        error_messages={"required": gettext_lazy("请填名称，计划里显示它")},
    )
    method = forms.ChoiceField(label=_label("method"), choices=Method.choices)
    expected = forms.CharField(
        label=_label("expected"),
        max_length=200,
        help_text=LABELS["expected"].help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请填预期成果，每个计划都要有")},
    )

    def __init__(self, data: Any = None, *, step: Step | None = None, today: date) -> None:
        names = ("is_active", "every", "unit", "slack_days", "name", "method", "expected")
        initial = {name: getattr(step, name) for name in names} if step else {"is_active": True}
        begins = step.valid_from if step and step.valid_from > today else today
        super().__init__(data, initial={**initial, "valid_from": begins})
        self.today = today
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()

    def clean_valid_from(self) -> date:
        """What has been cannot be ruled any more."""
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise ValidationError(_("生效日期已经过去了，请选今天或以后"))
        if day > LAST:
            raise ValidationError(_("生效日期太远了，请选2100年以前的"))
        return day

    def clean(self) -> dict[str, Any]:
        """A rhythm comes round within two years, and not before its slack."""
        told = super().clean() or {}
        every, unit, slack = told.get("every"), told.get("unit"), told.get("slack_days")
        if not every or not unit:
            return told
        if every > MOST[unit]:
            self.add_error(
                "every", _("最多%(most)d%(unit)s") % {"most": MOST[unit], "unit": Unit(unit).label}
            )
        days = every * {"day": 1, "week": 7, "month": 28}[unit]
        if slack is not None and slack >= days:
            self.add_error("slack_days", _("提前的天数要比间隔短"))
        return told

    def wish(self, grade: str, rhythm: str) -> dict[str, Any]:
        """As it is kept until it takes effect."""
        told = self.cleaned_data
        day = told["valid_from"].isoformat()
        return {**told, "valid_from": day, "kind": "rule", "grade": grade, "rhythm": rhythm}


class ScopeForm(forms.Form):
    """Which customers take part."""

    types = forms.MultipleChoiceField(
        label=gettext_lazy("参与的客户类型"),
        choices=CustomerType.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没有分级的、已归档的、公海里没有负责人的，从不安排"),
        error_messages={"required": gettext_lazy("至少选一种客户类型")},
    )


class TopicForm(forms.Form):
    """What to talk about at a stage."""

    topics = WordsField(
        label=gettext_lazy("建议话题"),
        said=gettext_lazy("话题"),
        most=8,
        longest=30,
        help_text=gettext_lazy("用顿号或换行分开，写进这个阶段客户的计划里"),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
