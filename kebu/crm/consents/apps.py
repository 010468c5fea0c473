"""Room consents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentsConfig(AppConfig):
    """Room consents 同意."""

    name = "kebu.crm.consents"
    label = "consents"
    verbose_name = _("同意")
