"""Room drills."""

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    """Room drills 演练."""

    name = "kebu.trials.drills"
    label = "drills"
    verbose_name = "演练"
