"""Fixed lists of the promise."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Who promised."""

    OURS = "ours", _("我方")
    THEIRS = "theirs", _("客户")


class State(models.TextChoices):
    """How a promise stands; an open one whose day has passed is late (逾期) without being another state."""

    OPEN = "open", _("待兑现")
    KEPT = "kept", _("已兑现")
    KEPT_LATE = "kept_late", _("逾期兑现")
    BROKEN = "broken", _("没有兑现")
    WITHDRAWN = "withdrawn", _("已取消")


KEPT = (State.KEPT, State.KEPT_LATE)
