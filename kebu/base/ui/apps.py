"""Room ui."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Room ui 界面."""

    name = "kebu.base.ui"
    label = "ui"
