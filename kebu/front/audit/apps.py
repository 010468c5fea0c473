"""Room audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Room audit 操作日志."""

    name = "kebu.front.audit"
    label = "audit"
    verbose_name = "操作日志"
