"""Why two customers are taken for one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Why(models.TextChoices):
    """What they share, strongest first."""

    NAME = "name", _("公司名称相同")
    PHONE = "phone", _("电话相同")
    CONTACT_PHONE = "contact", _("联系人电话相同")
    SIMILAR = "similar", _("名称相近")
