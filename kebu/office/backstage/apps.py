"""Room backstage."""

from django.apps import AppConfig


class BackstageConfig(AppConfig):
    """Room backstage 后台."""

    name = "kebu.office.backstage"
    label = "backstage"
