"""Room jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Room jobs 后台任务."""

    name = "kebu.base.jobs"
    label = "jobs"
