"""For whom something is kept, and how often a segment is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reach(models.TextChoices):
    """Who finds a view or a segment; nobody sees more customers by it than he sees anyway."""

    PERSONAL = "personal", _("仅自己")
    DEPARTMENT = "department", _("部门及下级")
    COMPANY = "company", _("全公司")


class Cycle(models.TextChoices):
    """When a snapshot of a segment is taken by itself."""

    NEVER = "never", _("不自动")
    MONTHLY = "monthly", _("每月1日")


STAMP = "segments"  # renewed with every change of a view, a segment, an order of tabs
KEPT_DAYS = 30  # so long something deleted can come back
MOST_KEPT = 200  # views, and as many segments, of one person
LONGEST_QUERY = 4_000
