"""KeyDate."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.kit.birthdays import Birthday, lunar_birthday_of
from kebu.base.kit.months import months_later
from kebu.base.records.models import Record
from kebu.crm.customers.models import Customer
from kebu.crm.key_dates.choices import GROUP_OF, ICONS, MONTHS, Group, Repeat, Sort

OPEN = Q(settled_on__isnull=True)
MONTH, FORESEEN = timedelta(days=31), timedelta(days=3 * 366)
LAST_YEAR = 2100  # of days that can be typed, and of the lunar calendar


class KeyDateQuerySet(ScopedQuerySet["KeyDate"]):
    """Sets of key dates; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def open(self) -> "KeyDateQuerySet":
        """Those that are still to come or to be seen to."""
        return self.filter(OPEN)

    def live(self) -> "KeyDateQuerySet":
        """Those of customers that are not archived."""
        return self.filter(customer__archived_at__isnull=True)

    def due(self, today: date) -> "KeyDateQuerySet":
        """Open ones whose time to act has come."""
        return self.filter(OPEN, remind_on__lte=today)


class KeyDate(Record):
    """A day of a customer: what for, when next, how often, how much in 元. ``anchor_day`` is the day of the
    month, solar or lunar, that it goes by: after a short month it is the 31st again. ``remind_on`` is
    ``lead_days`` before ``next_on``. What comes once and has been seen to has a day on which it was
    settled; what moved on by itself remembers the day that passed, until it is seen to (``missed_on``)."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="key_dates", db_index=False
    )
    sort = models.CharField(_("类别"), max_length=11, choices=Sort, default=Sort.CONTRACT)
    name = models.CharField(
        _("事项"), max_length=100, help_text=_("如 2026年度框架合同、验收款、季度耗材、公司周年庆")
    )
    repeat = models.CharField(_("多久一次"), max_length=10, choices=Repeat, default=Repeat.ONCE)
    next_on = models.DateField(_("日期"), help_text=_("到期或要办的那天；重复的填下一次"))
    anchor_day = models.PositiveSmallIntegerField(editable=False)
    lead_days = models.PositiveSmallIntegerField(
        _("提前几天提醒"), help_text=_("不填时合同和质保30天，采购14天，应收款和关怀7天")
    )
    remind_on = models.DateField(editable=False)
    amount = models.DecimalField(
        _("金额"), max_digits=15, decimal_places=2, null=True, help_text=_("如 12.5万；应收款必填")
    )
    remark = models.CharField(_("备注"), max_length=300, blank=True, help_text=_("谁批、上次怎么办的"))
    settled_on = models.DateField(_("办好日期"), null=True, editable=False)
    missed_on = models.DateField(null=True, editable=False)

    objects = KeyDateQuerySet.as_manager()

    class Meta:
        verbose_name = _("重要日子")
        verbose_name_plural = _("重要日子")
        indexes = [
            models.Index(fields=["customer", "next_on", "id"], name="key_date_customer"),
            models.Index(fields=["remind_on", "id"], name="key_date_remind", condition=OPEN),
            models.Index(fields=["next_on", "sort", "customer"], name="key_date_next", condition=OPEN),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(anchor_day__gte=1, anchor_day__lte=31), name="key_date_anchor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def group(self) -> Group:
        return GROUP_OF[Sort(self.sort)]

    @property
    def icon(self) -> str:
        return ICONS[self.group]

    @property
    def is_purchase(self) -> bool:
        """Whether the customer buys something on it."""
        return self.group is Group.PURCHASE

    @property
    def is_open(self) -> bool:
        return self.settled_on is None

    @property
    def stood_on(self) -> str:
        """Its day as addresses tell it."""
        return self.next_on.isoformat()

    @property
    def is_repeated(self) -> bool:
        return self.repeat != Repeat.ONCE

    def derive(self) -> dict[str, object]:
        """The columns that follow from the day and the lead, worked out anew."""
        self.anchor_day = lunar_birthday_of(self.next_on).day if self._is_lunar else self.next_on.day
        self.remind_on = self.next_on - timedelta(days=self.lead_days)
        return {"anchor_day": self.anchor_day, "remind_on": self.remind_on}

    @property
    def _is_lunar(self) -> bool:
        return self.repeat == Repeat.LUNAR_YEAR

    def is_of_month(self, day: date) -> bool:
        """Whether the day lies in the month of its next time, the lunar one for what goes by that."""
        if not self._is_lunar:
            return (day.year, day.month) == (self.next_on.year, self.next_on.month)
        here, there = lunar_birthday_of(self.next_on), lunar_birthday_of(day)
        return (here.year, here.month, here.is_leap) == (there.year, there.month, there.is_leap)

    def following(self, day: date | None = None) -> date | None:
        """When it comes after ``day`` (None: after the next time); None for once, and after 2100."""
        day = day or self.next_on
        if not self.is_repeated:
            return None
        if self._is_lunar:  # from behind its month, within which it may have been moved
            stands = lunar_birthday_of(day)
            found = Birthday(stands.month, self.anchor_day, is_lunar=True).next_on(day + MONTH)
        else:
            found = months_later(day, MONTHS[Repeat(self.repeat)], self.anchor_day)
        return found if found.year <= LAST_YEAR else None

    def days_between(self, first: date, last: date) -> list[date]:
        """Every day from one to another, both included, on which it falls from its next time on; what comes
        again is foreseen for three years."""
        found: list[date] = []
        day: date | None = self.next_on
        while day is not None and day <= min(last, self.next_on + FORESEEN):
            found += [day] if day >= first else []
            day = self.following(day)
        return found
