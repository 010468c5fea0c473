"""Room batches."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class BatchesConfig(AppConfig):
    """Room batches 批次."""

    name = "kebu.base.batches"
    label = "batches"
    verbose_name = "批次"

    def ready(self) -> None:
        """Let the rooms tell their ways."""
        autodiscover_modules("ways")
