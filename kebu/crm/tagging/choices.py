"""Fixed lists of the tagging."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AutoState(models.TextChoices):
    """What became of a tag that a rule gives."""

    GIVEN = "given", _("自动打上")
    REFUSED = "refused", _("手工去掉")
