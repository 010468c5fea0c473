"""Room visits."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Room visits 拜访计划."""

    name = "kebu.crm.visits"
    label = "visits"
    verbose_name = "拜访计划"
