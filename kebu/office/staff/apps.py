"""Room staff."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Room staff 员工与组织."""

    name = "kebu.office.staff"
    label = "staff"
    verbose_name = "员工与组织"

    def ready(self) -> None:
        from kebu.office.staff import fields  # noqa: F401  registers the directory of users
