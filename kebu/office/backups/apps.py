"""Room backups."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Room backups 备份."""

    name = "kebu.office.backups"
    label = "backups"
