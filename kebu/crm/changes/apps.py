"""Room changes."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """Room changes 重要变更."""

    name = "kebu.crm.changes"
    label = "changes"
    verbose_name = "重要变更"
