"""ChurnWarning and ChurnRules."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.records.models import Record
from kebu.crm.churn.choices import UNDER_WAY, Cause, Measure, Risk, Status
from kebu.crm.churn.signs import Rules, Signal, kept, read, risk, score
from kebu.crm.customers.models import Customer

IS_UNDER_WAY = Q(status__in=[one.value for one in UNDER_WAY])


class ChurnRules(Record):
    """The office's one row: from which figures on there is a signal, from which sum on a level."""

    drop_percent = models.PositiveSmallIntegerField(
        _("沟通少了多少算下降（%）"), default=50, help_text=_("最近90天比平时90天少的比例")
    )
    least_talks = models.PositiveSmallIntegerField(
        _("平时90天至少谈几次"), default=3, help_text=_("平时谈得更少的客户不看次数，看间隔")
    )
    pause_times = models.PositiveSmallIntegerField(
        _("间隔超过平时几倍"), default=2, help_text=_("上次沟通到现在，和平时两次沟通之间比")
    )
    pause_days = models.PositiveSmallIntegerField(_("间隔至少多少天"), default=30)
    late_days = models.PositiveSmallIntegerField(
        _("采购、合同过期多少天"), default=14, help_text=_("周期采购和合同过了日子还没有办")
    )
    promise_days = models.PositiveSmallIntegerField(_("我方承诺逾期多少天"), default=14)
    change_days = models.PositiveSmallIntegerField(
        _("变更看多少天以内的"), default=90, help_text=_("换了决策人、调了架构，之后没有沟通过")
    )
    warn_from = models.PositiveSmallIntegerField(
        _("几分起是预警"),
        default=3,
        help_text=_("合同没续3分，沟通次数、采购、承诺各2分，间隔、变更各1分"),
    )
    danger_from = models.PositiveSmallIntegerField(_("几分起是高危"), default=5)

    class Meta:
        verbose_name = _("流失预警规则")
        verbose_name_plural = _("流失预警规则")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def values(self) -> Rules:
        """As the signals ask for them."""
        return Rules(*(getattr(self, name) for name in Rules._fields))


def rules() -> ChurnRules:
    """The rules in effect; those that came with the house until the office changed them."""
    return ChurnRules.objects.filter(pk=1).first() or ChurnRules(pk=1, version=0)


class WarningQuerySet(ScopedQuerySet["ChurnWarning"]):
    """Sets of warnings; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def under_way(self) -> "WarningQuerySet":
        """Those that nobody has settled."""
        return self.filter(IS_UNDER_WAY)

    def live(self) -> "WarningQuerySet":
        """Those of customers that are not archived."""
        return self.filter(customer__archived_at__isnull=True)


class ChurnWarning(Record):
    """A customer that may leave, since ``opened_at``. ``signals`` are told as they stood last;
    ``quiet_since`` is when they were all gone, where somebody works on it and decides. ``by_hand``: a person
    closed it, not the signals' end."""

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("客户"),
        on_delete=models.CASCADE,
        related_name="churn_warnings",
        db_index=False,
    )
    opened_at = models.DateTimeField(_("发现时间"), editable=False)
    risk = models.CharField(_("风险等级"), max_length=6, choices=Risk)
    score = models.PositiveSmallIntegerField(editable=False)
    signals = models.JSONField(default=list, editable=False)
    status = models.CharField(_("处理状态"), max_length=6, choices=Status, default=Status.OPEN)
    cause = models.CharField(_("流失原因"), max_length=7, choices=Cause, blank=True)
    cause_note = models.CharField(
        _("原因说明"), max_length=300, blank=True, help_text=_("谁说的、和谁比、从什么时候开始")
    )
    measure = models.CharField(_("挽回措施"), max_length=8, choices=Measure, blank=True)
    measure_note = models.CharField(
        _("措施说明"), max_length=300, blank=True, help_text=_("给什么优惠、谁去拜访、做到什么程度")
    )
    look_on = models.DateField(_("再看日期"), null=True, blank=True, help_text=_("到那天看看措施有没有用"))
    quiet_since = models.DateTimeField(_("信号消失时间"), null=True, editable=False)
    closed_at = models.DateTimeField(_("了结时间"), null=True, editable=False)
    closing = models.CharField(_("了结原因"), max_length=100, blank=True, editable=False)
    by_hand = models.BooleanField(default=False, editable=False)

    objects = WarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("流失预警")
        verbose_name_plural = _("流失预警")
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=IS_UNDER_WAY, name="churn_warning_once"),
        ]
        indexes = [
            models.Index(fields=["customer", "-closed_at"], name="churn_warning_customer"),
            models.Index(fields=["status", "-score", "id"], name="churn_warning_status"),
            models.Index(fields=["status", "-closed_at", "id"], name="churn_warning_closed"),
        ]

    def __str__(self) -> str:
        return "、".join(one.label for one in self.found)

    @property
    def found(self) -> list[Signal]:
        """The signals as they were told."""
        return [read(one) for one in self.signals]

    def take(self, signals: list[Signal], rules: Rules) -> None:
        """Tell these signals from now on, and how serious they are together."""
        self.signals = [kept(one) for one in signals]
        self.score, self.risk = score(signals), risk(signals, rules)

    @property
    def step(self) -> str:
        return Status(self.status).step

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY
