"""Room customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Room customers 客户."""

    name = "kebu.crm.customers"
    label = "customers"
    verbose_name = "客户"

    def ready(self) -> None:
        from kebu.crm.customers.queries import seen_among
        from kebu.crm.customers.sharing_told import SHARED
        from kebu.office.notices import kinds, readers

        kinds.register(SHARED)
        readers.register("customer", seen_among)
