"""Room tables."""

from django.apps import AppConfig


class TablesConfig(AppConfig):
    """Room tables 表格."""

    name = "kebu.base.tables"
    label = "tables"
    verbose_name = "表格"
