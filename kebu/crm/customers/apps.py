"""Room customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Room customers 客户."""

    name = "kebu.crm.customers"
    label = "customers"
    verbose_name = "客户"
