"""Trip, Stop."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kebu.base.kit import regions
from kebu.base.records.models import Record
from kebu.crm.followups.models import Plan


class Trip(Record):
    """Somebody's round of visits on a day, in one city."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("谁去"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    on = models.DateField(_("哪天"))
    city = models.CharField(_("城市"), max_length=6)

    class Meta:
        verbose_name = _("拜访计划")
        verbose_name_plural = _("拜访计划")
        indexes = [models.Index(fields=["user", "-on", "-id"], name="trip_user")]

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.city_name}"

    def get_absolute_url(self) -> str:
        return reverse("visits:trip", args=[self.pk])

    @property
    def city_name(self) -> str:
        """The city in words."""
        found = regions.region(self.city)
        return found.name if found else ""


class Stop(models.Model):
    """A customer of a trip: the plan of the visit, and its place in the round.

    ``taken_version`` is the version of a plan that stood before, as the round moved it (0: it needed no
    moving); None of one that was made for the round. ``stood_at`` and ``stood_step`` tell the next follow-up
    that such a one took along. Left out, either is again as it stood.
    """

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="stops")
    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="stop")
    place = models.PositiveSmallIntegerField()
    taken_version = models.PositiveIntegerField(null=True, editable=False)
    stood_at = models.DateTimeField(null=True, editable=False)
    stood_step = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("拜访站点")
        verbose_name_plural = _("拜访站点")
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return f"{self.place}"
