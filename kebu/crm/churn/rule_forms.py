"""The form of the rules."""

from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.crm.churn.models import ChurnRules
from kebu.crm.churn.signs import WEIGHTS, Rules

MOST_POINTS = sum(WEIGHTS.values())
BOUNDS = MappingProxyType(
    {
        "drop_percent": (10, 90),
        "least_talks": (1, 50),
        "pause_times": (2, 10),
        "pause_days": (7, 365),
        "late_days": (0, 180),
        "promise_days": (0, 180),
        "change_days": (7, 365),
        "warn_from": (2, MOST_POINTS - 1),
        "danger_from": (3, MOST_POINTS),
    }
)


def _number(name: str) -> forms.IntegerField:
    column: Any = ChurnRules._meta.get_field(name)
    least, most = BOUNDS[name]
    wrong = gettext_lazy("请写%(least)d到%(most)d之间的整数") % {"least": least, "most": most}
    return forms.IntegerField(
        label=column.verbose_name,
        help_text=column.help_text,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class RulesForm(forms.Form):
    """From which figures on there is a signal, from which sum on a level."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: ChurnRules, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(office, name) for name in ("version", *BOUNDS)}
        super().__init__(*args, **kwargs)
        self.fields.update({name: _number(name) for name in BOUNDS})

    def clean(self) -> dict[str, Any]:
        warn, danger = self.cleaned_data.get("warn_from"), self.cleaned_data.get("danger_from")
        if warn is not None and danger is not None and danger <= warn:
            self.add_error("danger_from", _("高危的分数要比预警的高"))
        return self.cleaned_data

    @property
    def wished(self) -> Rules:
        """What is asked for."""
        return Rules(**{name: self.cleaned_data[name] for name in BOUNDS})
