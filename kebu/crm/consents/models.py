"""Consent."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.records.models import Record
from kebu.crm.consents import choices
from kebu.crm.contacts.models import Contact
from kebu.crm.customers.models import Customer


class ConsentQuerySet(ScopedQuerySet["Consent"]):
    """Sets of consents; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def of_person(self, customer: Customer, contact: Contact | None) -> "ConsentQuerySet":
        """Those of a contact, or of the customer himself; the latest first."""
        return self.filter(customer=customer, contact=contact).order_by("-given_on", "-id")

    def in_force(self) -> "ConsentQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)


class Consent(Record):
    """What one person agreed to on a day. ``contact`` is None when the customer himself is the person."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="consents"
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("联系人"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="consents",
    )
    purposes = models.JSONField(_("同意用于"), default=list)
    given_on = models.DateField(_("同意日期"))
    source = models.CharField(_("怎样同意的"), max_length=8, choices=choices.Source)
    evidence = models.CharField(
        _("凭据"), max_length=200, blank=True, help_text=_("在哪里、对谁说的，或文件放在哪里")
    )
    withdrawn_on = models.DateField(_("撤回日期"), null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("记录人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("同意")
        verbose_name_plural = _("同意")

    def __str__(self) -> str:
        return "、".join(self.purpose_labels)

    @property
    def purpose_labels(self) -> list[Any]:
        """What it is for, in words."""
        return [str(choices.Purpose(value).label) for value in self.purposes]

    @property
    def is_in_force(self) -> bool:
        return self.withdrawn_on is None
