"""Discarded and the files that belong to it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.choices import Permission
from kebu.base.access.queries import ScopedQuerySet, Viewer
from kebu.crm.customers.models import Customer


class DiscardedQuerySet(ScopedQuerySet["Discarded"]):
    """What lies in the bin; seen by whoever sees the customer, or saw it through its owner (D3)."""

    def within(self, user: Viewer, permission: Permission) -> "DiscardedQuerySet":
        """Keep what belongs to customers on which ``user`` may do that; of one that is deleted itself its
        last owner decides."""
        owner_ids = user.owner_ids(permission)
        if owner_ids is None:
            return self
        alive = Customer.objects.filter(pk=OuterRef("customer_id"))
        own = Q(owner_id__in=owner_ids) & ~Exists(alive)
        return self.filter(own | Q(customer_id__in=Customer.objects.within(user, permission).values("pk")))


class Discarded(models.Model):
    """One deleted record: ``payload`` holds its rows and those that hung on it (see packing).

    ``customer_id`` is the customer it belongs to (a customer: itself), ``owner_id`` who owned that when it
    was deleted; no foreign keys, for either may be gone. ``hanging`` counts what went along, by kind.
    """

    kind = models.CharField(_("对象"), max_length=20)
    record_id = models.BigIntegerField()
    name = models.CharField(_("名称"), max_length=120)
    number = models.CharField(_("客户编号"), max_length=16, blank=True)
    customer_id = models.BigIntegerField()
    customer_name = models.CharField(_("客户"), max_length=120)
    owner_id = models.BigIntegerField(null=True)
    batch = models.CharField(_("批次"), max_length=40, blank=True)
    deleted_at = models.DateTimeField(_("删除时间"))
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("删除人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    hanging = models.JSONField(default=dict)
    payload = models.TextField()

    objects = DiscardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("回收站")
        verbose_name_plural = _("回收站")
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="discarded_once")]
        indexes = [
            models.Index(fields=["deleted_at", "id"], name="discarded_at"),
            models.Index(fields=["customer_id"], name="discarded_customer"),
            models.Index(fields=["owner_id", "-id"], name="discarded_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def purge_at(self) -> datetime:
        """When the rule removes it for good."""
        return self.deleted_at + timedelta(days=settings.KEBU_RECYCLE_DAYS)


class KeptFile(models.Model):
    """A file on the disk that belongs to something in the bin, relative to MEDIA_ROOT."""

    discarded = models.ForeignKey(Discarded, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.path


def keeps(path: str) -> bool:
    """Say whether a file belongs to something in the bin."""
    return KeptFile.objects.filter(path=path).exists()


Row = dict[str, Any]
