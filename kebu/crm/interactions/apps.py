"""Room interactions."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    """Room interactions 跟进记录."""

    name = "kebu.crm.interactions"
    label = "interactions"
    verbose_name = "跟进记录"

    def ready(self) -> None:
        """Customers are found by this room too."""
        from kebu.crm.customers import facets
        from kebu.crm.interactions import counting  # noqa: F401  registers what it counts
        from kebu.crm.interactions.facets import interaction_facets

        facets.register("interaction", interaction_facets)
