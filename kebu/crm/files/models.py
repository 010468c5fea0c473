"""File and Exhibit."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kebu.base.access.queries import ScopedQuerySet
from kebu.base.kit.keeping import fingerprint
from kebu.crm.customers.models import Customer
from kebu.crm.disputes.models import Dispute

FOLDER = "customers"


class FileQuerySet(ScopedQuerySet["File"]):
    """Sets of files; seen by whoever sees the customer."""

    owner_path = "customer__owner"

    def of_customer(self, customer: Customer) -> "FileQuerySet":
        """The customer's files, the latest first."""
        return self.filter(customer=customer).order_by("-id")


class Kept(models.Model):
    """What is known of a file on the disk; ``path`` and ``thumbnail`` are relative to MEDIA_ROOT, ``size`` is
    in bytes."""

    name = models.CharField(_("文件名"), max_length=200)
    path = models.CharField(max_length=120, unique=True)
    thumbnail = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(_("上传时间"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Path:
        """Where the file lies."""
        return Path(settings.MEDIA_ROOT) / self.path

    @property
    def is_picture(self) -> bool:
        return bool(self.thumbnail)

    @property
    def is_whole(self) -> bool:
        """Say whether the bytes on the disk are those that were kept."""
        return self.place.is_file() and fingerprint(self.place) == self.sha256


class File(Kept):
    """One file of a customer."""

    customer = models.ForeignKey(
        Customer, verbose_name=_("客户"), on_delete=models.CASCADE, related_name="files", db_index=False
    )

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        indexes = [models.Index(fields=["customer", "-id"], name="file_of_customer")]


class Exhibit(Kept):
    """A file that a party of a dispute handed in as evidence: it stays as it was handed in."""

    dispute = models.ForeignKey(
        Dispute, verbose_name=_("撞单"), on_delete=models.CASCADE, related_name="exhibits"
    )

    class Meta:
        verbose_name = _("撞单依据")
        verbose_name_plural = _("撞单依据")


def belongs(path: str) -> bool:
    """Say whether something that is kept lies at this path."""
    at = Q(path=path) | Q(thumbnail=path)
    return File.objects.filter(at).exists() or Exhibit.objects.filter(at).exists()
