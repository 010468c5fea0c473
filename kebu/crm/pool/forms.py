"""Forms: why a customer is given back, how much may be claimed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.crm.pool.choices import Why
from kebu.crm.pool.models import PoolPolicy, PoolRule
from kebu.crm.pool.rules import GRADES, Rulebook, grade_words

LIMITS = ("most_held", "most_a_day", "cooling_days")
MOST = {"most_held": 100_000, "most_a_day": 1_000, "cooling_days": 365}
PARTS, NONE = ("is_on", "days", "warn_days"), "none"
LEAST = {"most_held": 1, "most_a_day": 1, "cooling_days": 0}


class ReleaseForm(forms.Form):
    """Why, one of the usual reasons and what there is to say."""

    why = forms.ChoiceField(
        label=gettext_lazy("原因"),
        choices=[("", gettext_lazy("请选择")), *Why.choices],
        error_messages={
            "required": gettext_lazy("请选退回的原因，下一个人看了才知道怎么跟"),
            "invalid_choice": gettext_lazy("请从列出的原因里选一个"),
        },
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=200,
        strip=True,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("谈到哪一步、下一个人要注意什么；公海里的人都看得到，别写联系方式"),
        error_messages={"max_length": gettext_lazy("最多200个字")},
    )

    def clean(self) -> dict[str, Any]:
        """Who says «other» says what."""
        if self.cleaned_data.get("why") == Why.OTHER and not self.cleaned_data.get("words"):
            self.add_error("words", _("选“其他”时请写明原因"))
        return self.cleaned_data

    @property
    def reason(self) -> str:
        """Both in one line."""
        why, words = Why(self.cleaned_data["why"]), " ".join(self.cleaned_data["words"].split())
        if why is Why.OTHER:
            return words
        return _("%(why)s：%(words)s") % {"why": why.label, "words": words} if words else str(why.label)


def _limit(name: str) -> forms.IntegerField:
    """A number, or nothing where there need be no limit."""
    field: Any = PoolPolicy._meta.get_field(name)
    least, most = LEAST[name], MOST[name]
    wrong = gettext_lazy("请写%(least)d到%(most)d之间的整数") % {"least": least, "most": most}
    return forms.IntegerField(
        label=field.verbose_name,
        help_text=field.help_text,
        required=not field.null,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class LimitsForm(forms.Form):
    """How much one may claim."""

    most_held = _limit("most_held")
    most_a_day = _limit("most_a_day")
    cooling_days = _limit("cooling_days")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: PoolPolicy, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(office, name) for name in ("version", *LIMITS)}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """The columns of the office's row."""
        return {name: self.cleaned_data[name] for name in LIMITS}


class RulesForm(forms.Form):
    """After how many days customers of each grade come into the pool, and who never does."""

    spares_won = forms.BooleanField(label=gettext_lazy("成交客户不掉"), required=False)
    spares_planned = forms.BooleanField(
        label=gettext_lazy("有下一步的不掉"),
        required=False,
        help_text=gettext_lazy("有今后的跟进计划或下次跟进；按节奏自动排的计划不算"),
    )

    def __init__(self, *args: Any, book: Rulebook, **kwargs: Any) -> None:
        office = book.office
        kwargs["initial"] = {"spares_won": office.spares_won, "spares_planned": office.spares_planned}
        super().__init__(*args, **kwargs)
        self.book = book
        for grade, rule in book.rules.items():
            for name in PARTS:
                self.fields[f"{name}-{grade or NONE}"] = _part(name, grade)
                self.initial[f"{name}-{grade or NONE}"] = getattr(rule, name)
        for bound in self.fields.values():
            if isinstance(bound, forms.BooleanField):
                bound.widget.attrs["class"] = "form-check-input"

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Grade by grade, its parts."""
        return [(grade_words(grade), [self[f"{name}-{grade or NONE}"] for name in PARTS]) for grade in GRADES]

    def clean(self) -> dict[str, Any]:
        """Nobody can be warned longer before than the whole time."""
        for grade in GRADES:
            days, before = (self.cleaned_data.get(f"{name}-{grade or NONE}") for name in PARTS[1:])
            if days and before and before > days:
                text = _("%(whom)s：提前提醒的天数不能比%(days)d天还多") % {
                    "whom": grade_words(grade),
                    "days": days,
                }
                self.add_error(f"warn_days-{grade or NONE}", text)
        return self.cleaned_data

    @property
    def wished(self) -> Rulebook:
        """The rules as they would be."""
        told = self.cleaned_data
        rules = {
            grade: PoolRule(grade=grade, **{name: told[f"{name}-{grade or NONE}"] for name in PARTS})
            for grade in GRADES
        }
        spared = {name: told[name] for name in ("spares_won", "spares_planned")}
        return Rulebook(rules, PoolPolicy(**spared))


def _part(name: str, grade: str) -> forms.Field:
    label = f"{grade_words(grade)}：{PoolRule._meta.get_field(name).verbose_name}"  # type: ignore[union-attr]
    if name == "is_on":
        return forms.BooleanField(label=label, required=False)
    wrong = gettext_lazy("请写1到730之间的整数")
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=730,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "form-control"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )
