"""Room reveals."""

from django.apps import AppConfig


class RevealsConfig(AppConfig):
    """Room reveals 显示."""

    name = "kebu.front.reveals"
    label = "reveals"
    verbose_name = "显示脱敏的内容"
