"""Room tags."""

from django.apps import AppConfig


class TagsConfig(AppConfig):
    """Room tags 标签."""

    name = "kebu.office.tags"
    label = "tags"
    verbose_name = "标签"

    def ready(self) -> None:
        from kebu.office.tags import fields  # noqa: F401  registers the directory
