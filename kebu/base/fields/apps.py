"""Room fields."""

from django.apps import AppConfig


class FieldsConfig(AppConfig):
    """Room fields 字段."""

    name = "kebu.base.fields"
    label = "fields"
