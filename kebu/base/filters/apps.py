"""Room filters."""

from django.apps import AppConfig


class FiltersConfig(AppConfig):
    """Room filters 筛选."""

    name = "kebu.base.filters"
    label = "filters"
