"""Room followups."""

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    """Room followups 跟进计划."""

    name = "kebu.crm.followups"
    label = "followups"
    verbose_name = "跟进计划"
