"""Room meetings."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Room meetings 周会."""

    name = "kebu.front.meetings"
    label = "meetings"
    verbose_name = "周会"
