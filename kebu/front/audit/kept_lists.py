"""What a kept view or segment asks for, in words: the journal has the names of its parts, no values."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.choices import Operator
from kebu.base.fields.directories import Context
from kebu.crm.customers.facets import facet_named

KINDS = ("view", "segment")
BESIDES = {
    "view": gettext_lazy("标签页"),
    "q": gettext_lazy("搜索"),
    "where": gettext_lazy("组合条件"),
    "sort": gettext_lazy("排序"),
    "look": gettext_lazy("看板"),
    "by": gettext_lazy("看板的列"),
}
"""Parts of the list's address that are no conditions."""


def in_words(sides: Sequence[Sequence[str] | None], context: Context) -> list[str]:
    """What it asked for before and after, as the list says its conditions, with … for each value; one that
    this reader may not filter by, or that there is no more, is not named."""
    return ["、".join(dict.fromkeys(_part(name, context) for name in side or ())) for side in sides]


def _part(name: str, context: Context) -> str:
    if name in BESIDES:
        return str(BESIDES[name])
    field, _dot, operator = name.rpartition(".")
    if operator not in Operator:
        field, operator = name, Operator.IS.value
    facet = facet_named(field, context)
    if facet is None or not facet.allows(context):
        return _("对你不开放或已经没有的条件")
    return f"{facet.label}{Operator(operator).label.format('…')}"
