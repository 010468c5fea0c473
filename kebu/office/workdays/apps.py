"""Room workdays."""

from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    """Room workdays 工作日历."""

    name = "kebu.office.workdays"
    label = "workdays"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from kebu.office.workdays import queries  # noqa: F401  registers the directory
