"""Room journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Room journal 操作日志."""

    name = "kebu.base.journal"
    label = "journal"
