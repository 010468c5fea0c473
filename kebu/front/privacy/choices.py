"""Why data of a person goes, and what a rule looks for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.TextChoices):
    """Why somebody's data is given out or erased."""

    REQUEST = "request", _("本人要求")
    WITHDRAWN = "withdrawn", _("撤回了同意")
    DONE = "done", _("目的已达到，不再需要")
    AUTHORITY = "authority", _("主管部门要求")
    OTHER = "other", _("其他")


class Keeping(models.TextChoices):
    """What a rule for keeping looks for."""

    ARCHIVED = "archived", _("归档的客户")
    LOST = "lost", _("流失的客户")
    IMPORTS = "imports", _("导入的原始文件")
