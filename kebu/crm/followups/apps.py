"""Room followups."""

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    """Room followups 跟进计划."""

    name = "kebu.crm.followups"
    label = "followups"
    verbose_name = "跟进计划"

    def ready(self) -> None:
        """Plans go along with their customers."""
        from kebu.crm.followups import handing_over  # noqa: F401  hears of customers given away
