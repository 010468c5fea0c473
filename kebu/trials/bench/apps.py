"""Room bench."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Room bench 测速."""

    name = "kebu.trials.bench"
    label = "bench"
    verbose_name = "测速"
