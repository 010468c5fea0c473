"""ImportantChange and Proposal."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.kit.dates import day_bounds
from kebu.base.records.models import Record
from kebu.crm.changes.choices import Sort
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import LATE_AFTER


def deadline(happened_on: date) -> datetime:
    """Until when a change of that day is to be entered: 24 hours after the day's end."""
    return day_bounds(happened_on)[1] + LATE_AFTER


class ChangeQuerySet(ScopedQuerySet["ImportantChange"]):
    """Sets of important changes; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def late(self) -> "ChangeQuerySet":
        """Those entered later than the rule wants."""
        return self.filter(created_at__gte=F("due_at"))


class ImportantChange(Record):
    """What changed at a customer on a day (S1-20). ``created_at`` is when it was entered; only the day of a
    change is known, so the 24 hours begin with the day's end: ``due_at`` is when they are over."""

    customer = models.ForeignKey(
        Customer,
        verbose_name=_("客户"),
        on_delete=models.CASCADE,
        related_name="important_changes",
        db_index=False,
    )
    sort = models.CharField(_("变更类型"), max_length=9, choices=Sort)
    happened_on = models.DateField(_("变更日期"))
    due_at = models.DateTimeField(editable=False)
    content = models.TextField(_("变更内容"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("记录人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("重要变更")
        verbose_name_plural = _("重要变更")
        indexes = [
            models.Index(fields=["customer", "-created_at", "-id"], name="change_customer"),
            models.Index(fields=["created_at", "author"], name="change_entered"),
        ]

    def __str__(self) -> str:
        return self.content[:40]

    @property
    def is_late(self) -> bool:
        """Entered later than 24 hours after the day it happened."""
        return self.created_at >= self.due_at


class ProposalQuerySet(ScopedQuerySet["Proposal"]):
    """Sets of proposals; seen by whoever sees the customer."""

    owner_path = "customer__owner"


class Proposal(Record):
    """An edit of the customer that looks like an important change, until somebody says whether it is one."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    sort = models.CharField(_("变更类型"), max_length=9, choices=Sort)
    content = models.TextField(_("变更内容"))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("待确认的变更")
        verbose_name_plural = _("待确认的变更")
        constraints = [models.UniqueConstraint(fields=["customer", "sort"], name="proposal_once")]
        indexes = [models.Index(fields=["created_at", "id"], name="proposal_age")]

    def __str__(self) -> str:
        return self.content[:40]
