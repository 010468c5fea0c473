"""Purchase, Rise and GrowthRule."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.fields.numbers import canonical
from kebu.base.records.models import Record
from kebu.crm.customers.models import Customer
from kebu.crm.purchases.choices import Measure
from kebu.crm.purchases.growth import Compared, Rule

USUAL = Rule()
STANDS = Q(withdrawn_at__isnull=True)


class GrowthRule(Record):
    """The office's one row: from how much on, and over how many days, more counts as growth."""

    percent = models.PositiveSmallIntegerField(
        _("多买多少算增长（%）"), default=USUAL.percent, help_text=_("超过这个比例才算，正好等于不算")
    )
    days = models.PositiveSmallIntegerField(
        _("看多少天"), default=USUAL.days, help_text=_("最近这么多天，和再往前同样多的天数比")
    )

    class Meta:
        verbose_name = _("采购增长规则")
        verbose_name_plural = _("采购增长规则")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def values(self) -> Rule:
        """As growth asks for them."""
        return Rule(self.percent, self.days)


def growth_rule() -> GrowthRule:
    """The rule in effect; the one that came with the house until the office changed it."""
    return GrowthRule.objects.filter(pk=1).first() or GrowthRule(pk=1, version=0)


class PurchaseQuerySet(ScopedQuerySet["Purchase"]):
    """Sets of purchases; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def live(self) -> "PurchaseQuerySet":
        """Those of customers that are not archived."""
        return self.filter(customer__archived_at__isnull=True)


class Purchase(Record):
    """What a customer bought on a day: how many of which unit, for how much in 元; at least one of the two is
    known."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="purchases", db_index=False
    )
    bought_on = models.DateField(_("采购日期"))
    what = models.CharField(_("采购内容"), max_length=100, help_text=_("如 季度耗材、6061铝板、年度维保"))
    quantity = models.DecimalField(
        _("数量"), max_digits=14, decimal_places=3, null=True, help_text=_("和金额至少填一个")
    )
    unit = models.CharField(_("单位"), max_length=20, blank=True, help_text=_("吨、台、件、箱"))
    amount = models.DecimalField(
        _("金额"), max_digits=15, decimal_places=2, null=True, help_text=_("如 12.5万")
    )
    remark = models.CharField(_("备注"), max_length=300, blank=True, help_text=_("订单号、谁下的单"))

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("采购记录")
        verbose_name_plural = _("采购记录")
        indexes = [
            models.Index(fields=["customer", "bought_on", "id"], name="purchase_customer"),
            models.Index(fields=["bought_on", "id"], name="purchase_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__isnull=False) | Q(amount__isnull=False), name="purchase_tells_how_much"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="purchase_quantity"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="purchase_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def how_many(self) -> str:
        """The quantity with its unit, "" where none is known: 12.5吨."""
        return "" if self.quantity is None else f"{canonical(self.quantity):,f}{self.unit}"


class RiseQuerySet(ScopedQuerySet["Rise"]):
    """Sets of rises; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def standing(self) -> "RiseQuerySet":
        """Those that still hold."""
        return self.filter(STANDS)

    def live(self) -> "RiseQuerySet":
        """Those of customers that are not archived."""
        return self.filter(customer__archived_at__isnull=True)

    def since(self, today: date, days: int) -> "RiseQuerySet":
        """Those found within the last ``days`` days, today included: so long no other one is made."""
        return self.filter(found_on__gt=today - timedelta(days=days))


class Rise(Record):
    """That a customer's purchases grew: as of ``found_on`` it had bought for ``now`` within ``days`` days and
    for ``before`` in as many days before, which is more than ``percent`` % more. Sums are in 元, or of a
    quantity in ``unit``. One that a correction took back keeps its row: if it holds again, nobody is told of
    it twice."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="rises", db_index=False
    )
    found_on = models.DateField(_("发现日期"), editable=False)
    percent = models.PositiveSmallIntegerField(_("超过多少（%）"), editable=False)
    days = models.PositiveSmallIntegerField(_("看多少天"), editable=False)
    measure = models.CharField(_("比的是"), max_length=8, choices=Measure, editable=False)
    unit = models.CharField(_("单位"), max_length=20, blank=True, editable=False)
    before = models.DecimalField(_("之前"), max_digits=20, decimal_places=3, editable=False)
    now = models.DecimalField(_("最近"), max_digits=20, decimal_places=3, editable=False)
    withdrawn_at = models.DateTimeField(_("更正时间"), null=True, editable=False)

    objects = RiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("采购增长")
        verbose_name_plural = _("采购增长")
        constraints = [
            models.UniqueConstraint(fields=["customer", "found_on"], name="rise_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["found_on", "id"], name="rise_day", condition=STANDS),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def compared(self) -> Compared:
        """The two sums."""
        return Compared(Measure(self.measure), self.unit, self.before, self.now, self.days)

    @property
    def sentence(self) -> str:
        """It in words, with its figures."""
        return self.compared.sentence(self.percent)

    @staticmethod
    def columns_of(found: Compared, rule: Rule) -> dict[str, object]:
        """What a row tells that was found by the rule."""
        return {**found._asdict(), "percent": rule.percent}

    def tells(self, found: Compared, rule: Rule) -> bool:
        """Whether it stands and says just that."""
        columns = self.columns_of(found, rule)
        return self.withdrawn_at is None and all(getattr(self, name) == columns[name] for name in columns)
