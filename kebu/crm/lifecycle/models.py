"""TypeTurn."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.crm.customers.choices import CustomerType
from kebu.crm.customers.models import Customer


class TurnQuerySet(ScopedQuerySet["TypeTurn"]):
    """Sets of turns; seen by whoever sees the customer."""

    owner_path = "customer__owner"


class TypeTurn(models.Model):
    """That a customer of one type became one of another; ``owner`` is whose it was then.

    The type with which it came is no turn: who comes as a 成交客户 was won before anybody here knew it.
    """

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="type_turns"
    )
    before = models.CharField(_("原来的类型"), max_length=10, choices=CustomerType)
    after = models.CharField(_("后来的类型"), max_length=10, choices=CustomerType)
    at = models.DateTimeField(_("时间"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("当时的负责人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = TurnQuerySet.as_manager()

    class Meta:
        verbose_name = _("类型变更")
        verbose_name_plural = _("类型变更")
        indexes = [models.Index(fields=["at", "id"], name="type_turn_at")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
