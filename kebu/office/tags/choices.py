"""Fixed lists of the tags."""

from django.db import models
from django.utils.translation import gettext_lazy as _

SEPARATORS = "、，,；;/|\n"  # between tags in one cell, so no tag is called so


class Dimension(models.TextChoices):
    """What a group of tags looks at (S2-09)."""

    BASIC = "basic", _("基础属性")
    BEHAVIOUR = "behaviour", _("行为特征")
    VALUE = "value", _("价值贡献")
    OWN = "own", _("自定义")


class TagState(models.TextChoices):
    """Whether a tag can be given. Rows never go: journals, undoings and the bin still mean them."""

    ACTIVE = "active", _("使用中")
    RETIRED = "retired", _("已停用")
    GONE = "gone", _("已删除")


class Colour(models.TextChoices):
    """The colours of tags, each readable on light and dark (AA)."""

    GREY = "grey", _("灰")
    BLUE = "blue", _("蓝")
    CYAN = "cyan", _("青")
    GREEN = "green", _("绿")
    AMBER = "amber", _("黄")
    RED = "red", _("红")
    PURPLE = "purple", _("紫")
