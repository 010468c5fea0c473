"""Room custom_fields."""

from django.apps import AppConfig


class CustomFieldsConfig(AppConfig):
    """Room custom_fields 自定义字段."""

    name = "kebu.office.custom_fields"
    label = "custom_fields"
    verbose_name = "自定义字段"

    def ready(self) -> None:
        from kebu.office.custom_fields import reading  # noqa: F401  registers the loader
