"""Room records."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Room records 记录."""

    name = "kebu.base.records"
    label = "records"
