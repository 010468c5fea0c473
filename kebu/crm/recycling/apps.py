"""Room recycling."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecyclingConfig(AppConfig):
    """Room recycling 回收站."""

    name = "kebu.crm.recycling"
    label = "recycling"
    verbose_name = "回收站"

    def ready(self) -> None:
        """Let the rooms tell what of theirs can be deleted."""
        autodiscover_modules("trees")
