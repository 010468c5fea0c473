"""How many masked values somebody looked at today."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F


class RevealCountQuerySet(models.QuerySet["RevealCount"]):
    """Counting with conditional updates: of two looks at once, one over the quota does not happen."""

    def take(self, user_id: int, day: date, most: int) -> bool:
        """Count one more look, unless there were ``most`` of them this day; say whether it was counted."""
        if most < 1:
            return False
        if self._counted(user_id, day, most):
            return True
        self.bulk_create([RevealCount(user_id=user_id, day=day)], ignore_conflicts=True)
        return self._counted(user_id, day, most)

    def _counted(self, user_id: int, day: date, most: int) -> bool:
        rows = self.filter(user=user_id)
        return bool(
            rows.filter(day=day, count__lt=most).update(count=F("count") + 1)
            or rows.filter(day__lt=day).update(day=day, count=1)
        )

    def spend(self, user_id: int, day: date, most: int) -> None:
        """Leave nothing of this day."""
        self.bulk_create([RevealCount(user_id=user_id, day=day)], ignore_conflicts=True)
        self.filter(user=user_id).update(day=day, count=most)

    def left(self, user_id: int, day: date, most: int) -> int:
        """How many more there may be this day."""
        taken = self.filter(user=user_id, day=day).values_list("count", flat=True).first()
        return max(0, most - (taken or 0))


class RevealCount(models.Model):
    """One row per person: the last day on which he looked, and how often."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    objects = RevealCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id} {self.count}"
