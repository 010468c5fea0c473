"""The form of the rule."""

from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kebu.crm.purchases.growth import Rule
from kebu.crm.purchases.models import GrowthRule

BOUNDS = MappingProxyType({"percent": (1, 500), "days": (30, 365)})


def _number(name: str) -> forms.IntegerField:
    column: Any = GrowthRule._meta.get_field(name)
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


class RuleForm(forms.Form):
    """From how much on, and over how many days, more counts as growth."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: GrowthRule, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(office, name) for name in ("version", *BOUNDS)}
        super().__init__(*args, **kwargs)
        self.fields.update({name: _number(name) for name in BOUNDS})

    @property
    def wished(self) -> Rule:
        """What is asked for."""
        return Rule(**{name: self.cleaned_data[name] for name in BOUNDS})
