"""Room promises."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """Room promises 承诺."""

    name = "kebu.crm.promises"
    label = "promises"
    verbose_name = "承诺"
