"""Room key_dates."""

from django.apps import AppConfig


class KeyDatesConfig(AppConfig):
    """Room key_dates 重要日子."""

    name = "kebu.crm.key_dates"
    label = "key_dates"
    verbose_name = "重要日子"

    def ready(self) -> None:
        """Let customers be found by their days."""
        from kebu.crm.customers import facets
        from kebu.crm.key_dates.facets import key_date_facets

        facets.register("key_date", key_date_facets)
