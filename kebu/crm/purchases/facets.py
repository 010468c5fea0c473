"""What customers are found by of their purchases: when they bought last, since when they buy more."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.fields.directories import Context
from kebu.base.filters.facets import Facet
from kebu.crm.purchases.fields import PURCHASE_FIELDS, RISE_FIELDS
from kebu.crm.purchases.models import Purchase, PurchaseQuerySet, Rise, RiseQuerySet, growth_rule

LAST, RISE = gettext_lazy("最近采购日期"), gettext_lazy("采购量增长")


def purchase_facets() -> Iterator[Facet]:
    """The day of the last purchase, and the day on which a rise was found that tells of these days."""
    parts = (
        ("last_on", LAST, PURCHASE_FIELDS["bought_on"], last_ones, "采购 下单 进货 购买"),
        ("risen_on", RISE, RISE_FIELDS["found_on"], standing, "采购增长 多买 增购"),
    )
    for name, label, item, rows, words in parts:
        yield Facet(
            f"purchase.{name}", label, item.kind, item.path, _("采购记录"), (item,),
            rows=rows, link="customer", words=words,
        )  # fmt: skip


def last_ones(_context: Context) -> PurchaseQuerySet:
    """Of each customer those of its last day; seen by whoever sees the customer, and the list shows nobody
    else's."""
    later = Purchase.objects.filter(customer=OuterRef("customer"), bought_on__gt=OuterRef("bought_on"))
    return Purchase.objects.filter(~Exists(later))


def standing(context: Context) -> RiseQuerySet:
    """Those that hold, of the days at which the office looks."""
    return Rise.objects.standing().since(context.today, growth_rule().days)
