"""Room search."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Room search 检索引擎."""

    name = "kebu.base.search"
    label = "search"
