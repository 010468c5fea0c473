"""Room access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Room access 权限."""

    name = "kebu.base.access"
    label = "access"
