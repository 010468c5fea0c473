"""Room disputes."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Room disputes 撞单."""

    name = "kebu.crm.disputes"
    label = "disputes"
    verbose_name = "撞单"
