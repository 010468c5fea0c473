"""Room dedupe."""

from django.apps import AppConfig


class DedupeConfig(AppConfig):
    """Room dedupe 查重."""

    name = "kebu.exchange.dedupe"
    label = "dedupe"
    verbose_name = "查重"
