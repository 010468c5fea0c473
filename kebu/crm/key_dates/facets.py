"""What customers are found by of their days."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.filters.facets import Facet, Rows
from kebu.crm.key_dates.choices import Group
from kebu.crm.key_dates.fields import KEY_DATE_FIELDS
from kebu.crm.key_dates.models import KeyDate, KeyDateQuerySet
from kebu.crm.key_dates.queries import of_group

LABELS = (
    (Group.CONTRACT, gettext_lazy("合同或质保到期日"), "合同到期 续约 质保到期"),
    (Group.PAYMENT, gettext_lazy("应收款日"), "回款 收款 付款 到账"),
    (Group.PURCHASE, gettext_lazy("下次采购日"), "周期需求 周期采购"),
    (Group.CARE, gettext_lazy("关怀日"), "回访 周年庆 节日问候"),
)


def key_date_facets() -> Iterator[Facet]:
    """A facet for each group: a customer has it when one of its open days does."""
    item = KEY_DATE_FIELDS["next_on"]
    for group, label, words in LABELS:
        yield Facet(
            f"key_date.{group.value}", label, item.kind, item.path, _("重要日子"), (item,),
            rows=_rows_of(group), link="customer", words=words,
        )  # fmt: skip


def _rows_of(group: Group) -> Rows:
    """They are seen by whoever sees the customer, and the list shows nobody else's."""

    def rows(_context: Context) -> KeyDateQuerySet:
        return of_group(KeyDate.objects.open(), group)

    return rows
