"""Fixed lists of purchases."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measure(models.TextChoices):
    """What two stretches of purchases are compared by."""

    AMOUNT = "amount", _("金额")
    QUANTITY = "quantity", _("数量")
