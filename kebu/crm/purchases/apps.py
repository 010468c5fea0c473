"""Room purchases."""

from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    """Room purchases 采购记录."""

    name = "kebu.crm.purchases"
    label = "purchases"
    verbose_name = "采购记录"

    def ready(self) -> None:
        """Let customers be found by what they bought."""
        from kebu.crm.customers import facets
        from kebu.crm.purchases.facets import purchase_facets

        facets.register("purchase", purchase_facets)
