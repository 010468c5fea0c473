"""Room privacy."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Room privacy 个人信息."""

    name = "kebu.front.privacy"
    label = "privacy"
    verbose_name = _("个人信息")
