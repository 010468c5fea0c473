"""Room imports."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Room imports 导入."""

    name = "kebu.exchange.imports"
    label = "imports"
    verbose_name = "导入"
