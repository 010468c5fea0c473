"""PoolEntry, PoolPolicy."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kebu.base.records.models import Record
from kebu.crm.customers.choices import Grade
from kebu.crm.customers.models import Customer
from kebu.crm.pool.choices import Came

OPEN = Q(ended_at__isnull=True)
USER = settings.AUTH_USER_MODEL


class PoolEntryQuerySet(models.QuerySet["PoolEntry"]):
    """Stretches of customers in the pool."""

    def open(self) -> "PoolEntryQuerySet":
        """Those that last."""
        return self.filter(OPEN)

    def offered(self) -> "PoolEntryQuerySet":
        """Those of customers that can be claimed: nobody's, and not archived."""
        return self.filter(OPEN, customer__owner=None, customer__archived_at=None)


class PoolEntry(models.Model):
    """One stretch of a customer in the pool, from losing its owner to having one: at most one is open.

    ``former`` owned it before, ``by`` put it there (None: nobody did, it came so). ``opened_in`` and
    ``closed_in`` are the batches that did it, by which an undoing finds the stretch it goes on with.
    ``is_claimed``: ``taken_by`` took it himself; else it was given to him.
    """

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="pool_entries"
    )
    since = models.DateTimeField(_("进入公海"))
    came = models.CharField(_("怎么来的"), max_length=9, choices=Came, default=Came.OWNERLESS)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    former = models.ForeignKey(
        USER,
        verbose_name=_("原负责人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_in = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_claimed = models.BooleanField(default=False)
    closed_in = models.CharField(max_length=40, blank=True)

    objects = PoolEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("公海记录")
        verbose_name_plural = _("公海记录")
        indexes = [
            models.Index(fields=["since", "id"], name="pool_entry_since", condition=OPEN),
            models.Index(fields=["ended_at"], name="pool_entry_ended", condition=~OPEN),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer"], name="pool_entry_once", condition=OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.came}"


class PoolPolicy(Record):
    """The office's one row: how much one may claim, and who is never recycled; an empty limit is none."""

    most_held = models.PositiveIntegerField(
        _("每人最多有几个客户"), null=True, help_text=_("到了就不能再领，先退回几个；不填就不限")
    )
    most_a_day = models.PositiveIntegerField(
        _("每人每天最多领几个"), null=True, default=20, help_text=_("不填就不限")
    )
    cooling_days = models.PositiveSmallIntegerField(
        _("原负责人几天内不能领回"), default=7, help_text=_("免得为了重新计时退回再领；填0就不等")
    )
    spares_won = models.BooleanField(_("成交客户不掉"), default=True)
    spares_planned = models.BooleanField(
        _("有下一步的不掉"), default=True, help_text=_("有今后的跟进计划或下次跟进；按节奏自动排的计划不算")
    )

    class Meta:
        verbose_name = _("公海规则")
        verbose_name_plural = _("公海规则")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class PoolRule(Record):
    """After how many days without a follow-up customers of a grade come into the pool, and how many days
    before that their owner is warned; without a row the grade's rule is off."""

    grade = models.CharField(_("客户分级"), max_length=1, choices=Grade, blank=True, unique=True)
    is_on = models.BooleanField(_("自动回收"), default=False)
    days = models.PositiveSmallIntegerField(_("几天没有跟进"), default=60)
    warn_days = models.PositiveSmallIntegerField(_("提前几天提醒"), default=7)

    class Meta:
        verbose_name = _("回收规则")
        verbose_name_plural = _("回收规则")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1, warn_days__gte=1, warn_days__lte=F("days")), name="pool_rule_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.days}"


class PoolWarning(models.Model):
    """That an owner was warned: his customer, untouched since ``base_at``, is to come into the pool. It holds
    only while nobody has followed up since; without one nobody is recycled."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="pool_warning")
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    base_at = models.DateTimeField()
    warned_at = models.DateTimeField(_("提醒时间"), db_index=True)

    class Meta:
        verbose_name = _("回收提醒")
        verbose_name_plural = _("回收提醒")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.warned_at}"
