"""What customers are found by of their warnings: how serious, how it stands, since when."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.filters.facets import Facet
from kebu.crm.churn.fields import CHURN_FIELDS
from kebu.crm.churn.models import ChurnWarning, WarningQuerySet


def churn_facets() -> Iterator[Facet]:
    """Level and day are those of the warning under way, the status that of any."""
    parts = (
        ("risk", gettext_lazy("流失预警等级"), under_way, "流失风险 高危"),
        ("status", gettext_lazy("流失预警状态"), every, "挽回 召回 已稳住"),
        ("opened_at", gettext_lazy("流失预警发现时间"), under_way, "流失"),
    )
    for name, label, rows, words in parts:
        item = CHURN_FIELDS[name]
        yield Facet(
            f"churn.{name}", label, item.kind, item.path, _("流失预警"), (item,),
            rows=rows, link="customer", words=words,
        )  # fmt: skip


def under_way(_context: Context) -> WarningQuerySet:
    """Those nobody has settled; seen by whoever sees the customer, and the list shows nobody else's."""
    return ChurnWarning.objects.under_way()


def every(_context: Context) -> WarningQuerySet:
    """All of them, the settled ones too."""
    return ChurnWarning.objects.all()
