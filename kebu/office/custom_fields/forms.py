"""The form of an own field."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.forms import WordsField
from kebu.base.kit.text import tidy, whole_number
from kebu.office.custom_fields.actions import Choosable
from kebu.office.custom_fields.choices import (
    GROWS_INTO,
    MAY_FIT,
    Care,
    FieldState,
    RollUp,
    Subject,
    ValueKind,
    Wanted,
)  # fmt: skip
from kebu.office.custom_fields.models import OwnField
from kebu.office.custom_fields.queries import deciding, section_names
from kebu.office.staff.forms import NameField

NEW, EQUALS = "+", "="
LONGEST_OPTION = 40
LAST = 999
KINDS_OF_CUSTOMERS = (
    ("", gettext_lazy("企业和个人")),
    ("company", gettext_lazy("只有企业")),
    ("person", gettext_lazy("只有个人")),
)


def shown_for(*kinds: ValueKind) -> dict[str, str]:
    """The attributes of a control that only some types have."""
    return {"data-shown-with": "value_kind", "data-shown-values": " ".join(kinds)}


class FieldForm(forms.Form):
    """What is asked, how, where and of whom."""

    label = NameField(
        label=gettext_lazy("名称"), max_length=20, error_messages={"required": gettext_lazy("请填名称")}
    )
    value_kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=ValueKind.choices)
    new_options = WordsField(
        label=gettext_lazy("选项"),
        longest=LONGEST_OPTION,
        most=200,
        help_text=gettext_lazy("一行一个，或者用顿号分开，顺序就是选的时候的顺序"),
        widget=forms.Textarea(attrs={"rows": 4, **shown_for(ValueKind.CHOICE, ValueKind.CHOICES)}),
    )
    roll_up = forms.ChoiceField(
        label=gettext_lazy("汇总什么"),
        required=False,
        choices=RollUp.choices,
        help_text=gettext_lazy("自动算出来，不用填；来源变了会跟着变"),
        widget=forms.Select(attrs=shown_for(ValueKind.ROLL_UP)),
    )
    roll_up_days = forms.IntegerField(
        label=gettext_lazy("只算最近多少天的跟进"),
        required=False,
        min_value=1,
        max_value=3660,
        help_text=gettext_lazy("不填就是全部"),
        widget=forms.NumberInput(attrs={"data-shown-with": "roll_up", "data-shown-values": "interactions"}),
    )
    roll_up_field = forms.ChoiceField(
        label=gettext_lazy("联系人的哪个字段"),
        required=False,
        widget=forms.Select(
            attrs={"data-shown-with": "roll_up", "data-shown-values": "sum highest lowest filled"}
        ),
    )
    unit = forms.CharField(
        label=gettext_lazy("单位"),
        max_length=8,
        required=False,
        help_text=gettext_lazy("写在数字后面，如 台、张床位"),
        widget=forms.TextInput(attrs=shown_for(ValueKind.NUMBER, ValueKind.ROLL_UP)),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("要求"),
        choices=Wanted.choices,
        initial=Wanted.OPTIONAL,
        help_text=gettext_lazy("必填只管以后手工新建和编辑的，已有的记录和导入不受影响"),
        widget=forms.RadioSelect,
    )
    help = forms.CharField(
        label=gettext_lazy("填写说明"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("填的时候显示在下面，写清填什么、怎么填"),
    )
    section = forms.ChoiceField(label=gettext_lazy("所在分组"), required=False)
    new_section = forms.CharField(
        label=gettext_lazy("新分组的名称"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"data-shown-with": "section", "data-shown-values": NEW}),
    )
    only = forms.ChoiceField(
        label=gettext_lazy("哪些客户有"), required=False, choices=KINDS_OF_CUSTOMERS, widget=forms.RadioSelect
    )
    shown_when = forms.MultipleChoiceField(
        label=gettext_lazy("什么时候出现"),
        required=False,
        help_text=gettext_lazy("不选就总是出现；选了，那个字段是这些值的时候才出现，只能选同一个字段的"),
        widget=forms.SelectMultiple(attrs={"size": "6"}),
    )
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("敏感程度"),
        choices=Care.choices,
        initial=Care.NORMAL,
        help_text=gettext_lazy("联系方式和个人信息可以按角色脱敏，离开公司的人看不到；在“角色”里设"),
        widget=forms.RadioSelect,
    )
    purpose = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("收集它做什么用，如 寄送样品；个人信息必须写"),
    )
    synonyms = WordsField(
        label=gettext_lazy("导入时也认的表头"),
        longest=20,
        most=30,
        help_text=gettext_lazy("用顿号或换行分开"),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: OwnField, **kwargs: Any) -> None:
        self.row, self.is_new = row, not row.pk
        super().__init__(*args, **{**kwargs, "initial": {**_initial(row), **kwargs.get("initial", {})}})
        self._offer()
        self.option_rows = self._option_rows() if not self.is_new else []

    def _offer(self) -> None:
        """The choices that depend on what there is."""
        row, is_customer = self.row, self.row.subject == Subject.CUSTOMER
        names = [(name, name) for name in section_names(row.subject) if name]
        fields: Any = self.fields
        fields["section"].choices = [*names, (NEW, _("新的分组…"))]
        groups = [
            (item.label, [(f"{item.name}{EQUALS}{value}", label) for value, label in values])
            for item, values in deciding(row.subject, "" if self.is_new else row.name)
        ]
        fields["shown_when"].choices = groups
        contact_fields = OwnField.objects.filter(subject=Subject.CONTACT, state=FieldState.ACTIVE)
        fields["roll_up_field"].choices = [("", ""), *((one.name, one.label) for one in contact_fields)]
        kinds = list(ValueKind)
        if not self.is_new:
            was = ValueKind(row.value_kind)
            kinds = [was, *GROWS_INTO.get(was, ()), *MAY_FIT.get(was, ())]
        elif not is_customer:
            kinds.remove(ValueKind.ROLL_UP)
        fields["value_kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if not is_customer:
            for name in ("section", "new_section", "only", "roll_up", "roll_up_days", "roll_up_field"):
                del self.fields[name]
        if not self.is_new and ValueKind(row.value_kind).has_options:
            fields["new_options"].label = _("再加选项")
        elif not self.is_new:
            del self.fields["new_options"]

    def _option_rows(self) -> list[dict[str, Any]]:
        """The options there are, as they stand in the form or were sent."""
        rows = []
        for place, option in enumerate(self.row.options.all(), 1):
            sent = {part: self.data.get(f"option-{option.pk}-{part}", "") for part in ("name", "order")}
            sent |= {"is_active": f"option-{option.pk}-active" in self.data}
            now = {"name": option.name, "order": str(place), "is_active": option.is_active}
            rows.append({"option": option, **(sent if self.is_bound else now)})
        return rows

    def clean(self) -> dict[str, Any]:
        """What the parts must be together."""
        data = super().clean() or {}
        kind = data.get("value_kind")
        if data.get("sensitivity") == Care.PERSONAL and not data.get("purpose"):
            self.add_error("purpose", _("个人信息要写明用途，没有用途就不要收集"))
        if data.get("section") == NEW and not tidy(data.get("new_section") or ""):
            self.add_error("new_section", _("请写新分组的名称"))
        if len({text.partition(EQUALS)[0] for text in data.get("shown_when") or ()}) > 1:
            self.add_error("shown_when", _("只能选同一个字段的值"))
        needs_options = kind in (ValueKind.CHOICE, ValueKind.CHOICES) and self.is_new
        if needs_options and not data.get("new_options"):
            self.add_error("new_options", _("请写至少一个选项"))
        how = data.get("roll_up")
        if kind == ValueKind.ROLL_UP and not how and "roll_up" not in self.errors:
            self.add_error("roll_up", _("请选汇总什么"))
        elif kind == ValueKind.ROLL_UP and how and RollUp(how).reads_field and not data.get("roll_up_field"):
            self.add_error("roll_up_field", _("请选联系人的一个自定义字段；没有就先建一个"))
        for one in self.option_rows if self.is_bound else ():
            if not tidy(one["name"]) or len(one["name"]) > LONGEST_OPTION:
                self.add_error(None, _("选项的名称要1到40个字，不用的选项请停用"))
        return data

    def values(self) -> dict[str, Any]:
        """What to keep, by column."""
        data = self.cleaned_data
        names = ("label", "value_kind", "unit", "level", "help", "sensitivity", "purpose", "synonyms")
        found = {name: data[name] for name in names} | {"unit": tidy(data["unit"])}
        if self.row.subject == Subject.CUSTOMER:
            found["section"] = tidy(data["new_section"]) if data["section"] == NEW else data["section"]
            found["only"] = data["only"]
        pairs = [text.partition(EQUALS) for text in data["shown_when"]]
        found["shown_field"] = pairs[0][0] if pairs else ""
        found["shown_values"] = [value for _name, _sign, value in pairs]
        if data["value_kind"] == ValueKind.ROLL_UP:
            found["roll_up"] = self._roll_up()
        if found.get("section", self.row.section) != self.row.section:
            found["after"] = ""
        return found

    def _roll_up(self) -> dict[str, Any]:
        data = self.cleaned_data
        how = RollUp(data["roll_up"])
        found: dict[str, Any] = {"how": how.value}
        if how.reads_field:
            found["field"] = data["roll_up_field"]
        if how is RollUp.INTERACTIONS and data["roll_up_days"]:
            found["days"] = data["roll_up_days"]
        return found

    def options(self) -> list[Choosable]:
        """The options in the order wanted, the new ones last."""
        rows = sorted(self.option_rows, key=_place)
        kept = [Choosable(one["option"].pk, tidy(one["name"]), one["is_active"]) for one in rows]
        return [*kept, *(Choosable(None, name) for name in self.cleaned_data.get("new_options") or [])]


def _initial(row: OwnField) -> dict[str, Any]:
    names = ("label", "value_kind", "unit", "level", "help", "section", "only", "sensitivity", "purpose")
    found = {name: getattr(row, name) for name in (*names, "synonyms", "version")}
    told = row.roll_up or {}
    return found | {
        "roll_up": told.get("how", ""),
        "roll_up_days": told.get("days"),
        "roll_up_field": told.get("field", ""),
        "shown_when": [f"{row.shown_field}{EQUALS}{value}" for value in row.shown_values],
    }


def _place(row: dict[str, Any]) -> int:
    """Where an option is to stand; at the end for what is no number."""
    place = whole_number(row["order"])
    return LAST if place is None else place
