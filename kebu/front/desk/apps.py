"""Room desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Room desk 工作台."""

    name = "kebu.front.desk"
    label = "desk"
    verbose_name = "工作台"
