"""Room exports."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Room exports 导出."""

    name = "kebu.exchange.exports"
    label = "exports"
    verbose_name = "导出"

    def ready(self) -> None:
        """Offer the table of customers."""
        from kebu.base.tables.registry import register
        from kebu.exchange.exports.customers import CUSTOMERS

        register(CUSTOMERS)
