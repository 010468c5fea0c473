"""Meeting, Point."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kebu.base.records.models import Record
from kebu.crm.customers.models import Customer
from kebu.crm.followups.models import Plan

WEEK = timedelta(days=7)


class PointKind(models.TextChoices):
    """What was said of somebody's work."""

    PROBLEM = "problem", gettext_lazy("未解决问题")
    DECISION = "decision", gettext_lazy("决定")


class Meeting(Record):
    """The meeting of one leader's team about one week, which is named by its Monday."""

    week = models.DateField(gettext_lazy("周一"))
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("主持人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    closed_at = models.DateTimeField(gettext_lazy("结束时间"), null=True, editable=False)

    class Meta:
        verbose_name = gettext_lazy("周会")
        verbose_name_plural = gettext_lazy("周会")
        ordering = ["-week"]
        constraints = [models.UniqueConstraint(fields=["leader", "week"], name="meeting_once_a_week")]

    def __str__(self) -> str:
        last = self.week + WEEK - timedelta(days=1)
        return _("%(first)s至%(last)s周会") % {"first": f"{self.week:%m-%d}", "last": f"{last:%m-%d}"}

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def next_week(self) -> date:
        """Monday of the week after."""
        return self.week + WEEK


class Point(Record):
    """A problem or a decision about somebody's work. A problem is open until it is solved, in whichever
    meeting; a decision has the plan that was made of it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=8, choices=PointKind)
    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("谁的"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=gettext_lazy("客户"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="meeting_points",  # named, so that erasing the customer finds them
    )
    text = models.CharField(gettext_lazy("内容"), max_length=300)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="+")
    solved_at = models.DateTimeField(gettext_lazy("解决时间"), null=True, editable=False)

    class Meta:
        verbose_name = gettext_lazy("周会事项")
        verbose_name_plural = gettext_lazy("周会事项")
        indexes = [
            models.Index(
                fields=["rep", "id"],
                condition=Q(kind="problem", solved_at__isnull=True),
                name="point_open",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_solved(self) -> bool:
        return self.solved_at is not None
