"""How customers come into the pool, and why people give them back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

CLAIM = "pool-claim"  # the kind of batches in which somebody claims


class Came(models.TextChoices):
    """How a customer came into the pool."""

    RELEASED = "released", _("退回")
    RECYCLED = "recycled", _("自动回收")
    LEFT = "left", _("负责人离职")
    OWNERLESS = "ownerless", _("没有负责人")


class Why(models.TextChoices):
    """Why a customer is given back; what else there is to say is written beside it."""

    SILENT = "silent", _("联系不上")
    NO_NEED = "no_need", _("暂时没有需求")
    NOT_MINE = "not_mine", _("不是我负责的行业或地区")
    NO_TIME = "no_time", _("手上客户太多，顾不过来")
    LEFT = "left", _("负责人离职或调岗")
    OTHER = "other", _("其他")
