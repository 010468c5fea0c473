"""Room interactions."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    """Room interactions 跟进记录."""

    name = "kebu.crm.interactions"
    label = "interactions"
    verbose_name = "跟进记录"
