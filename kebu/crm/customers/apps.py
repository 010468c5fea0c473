"""Room customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Room customers 客户."""

    name = "kebu.crm.customers"
    label = "customers"
    verbose_name = "客户"

    def ready(self) -> None:
        from kebu.crm.customers.queries import seen_among
        from kebu.office.notices import readers

        readers.register("customer", seen_among)
