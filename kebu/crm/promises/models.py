"""Promise."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.records.models import Record
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.crm.promises.choices import Side, State

OPEN = models.Q(state=State.OPEN)


class PromiseQuerySet(ScopedQuerySet["Promise"]):
    """Sets of promises; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def open(self) -> "PromiseQuerySet":
        return self.filter(OPEN)

    def overdue(self, today: date) -> "PromiseQuerySet":
        """Open ones whose day has passed."""
        return self.filter(OPEN, due_on__lt=today)


class Promise(Record):
    """One promise of an interaction, ours or the customer's. ``responsible`` is whose it is to keep, or to
    see kept: the customer's owner, as long as it is open."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    interaction = models.ForeignKey(
        Interaction,
        verbose_name=_("跟进记录"),
        on_delete=models.CASCADE,
        related_name="promises",
        db_index=False,
    )
    side = models.CharField(_("谁答应的"), max_length=6, choices=Side)
    text = models.TextField(_("承诺"))
    made_on = models.DateField(_("答应日期"))
    due_on = models.DateField(_("期限"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(_("了结时间"), null=True, editable=False)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("责任人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("承诺")
        verbose_name_plural = _("承诺")
        constraints = [models.UniqueConstraint(fields=["interaction", "side"], name="promise_once")]
        indexes = [
            models.Index(fields=["customer", "side", "state", "due_on"], name="promise_customer"),
            models.Index(fields=["due_on", "id"], condition=OPEN, name="promise_due"),
            models.Index(fields=["responsible", "side", "state", "due_on"], name="promise_responsible"),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_ours(self) -> bool:
        return self.side == Side.OURS

    def is_late(self, today: date) -> bool:
        """Open although its day has passed."""
        return self.is_open and self.due_on is not None and self.due_on < today
