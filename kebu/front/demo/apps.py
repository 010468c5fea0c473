"""Room demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Room demo 演示数据."""

    name = "kebu.front.demo"
    label = "demo"
    verbose_name = "演示数据"
