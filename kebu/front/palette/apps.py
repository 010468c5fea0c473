"""Room palette."""

from django.apps import AppConfig


class PaletteConfig(AppConfig):
    """Room palette 全局搜索."""

    name = "kebu.front.palette"
    label = "palette"
    verbose_name = "全局搜索"
