"""Room drills."""

from django.apps import AppConfig

SILENT = "drills.silent"


class DrillsConfig(AppConfig):
    """Room drills 演练."""

    name = "kebu.trials.drills"
    label = "drills"
    verbose_name = "演练"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from kebu.office.notices import kinds

        kinds.register(kinds.Kind(SILENT, _("演练"), "", "", ()))
