"""Room calendar."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Room calendar 日历."""

    name = "kebu.front.calendar"
    label = "calendar"
    verbose_name = "日历"
