"""Room profile."""

from django.apps import AppConfig


class ProfileConfig(AppConfig):
    """Room profile 客户主页."""

    name = "kebu.front.profile"
    label = "profile"
    verbose_name = "客户主页"
