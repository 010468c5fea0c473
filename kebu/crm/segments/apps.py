"""Room segments."""

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    """Room segments 客户分群."""

    name = "kebu.crm.segments"
    label = "segments"
    verbose_name = "客户分群"

    def ready(self) -> None:
        """Put the tabs of saved views, and finding by segments, into the customer list."""
        from kebu.crm.customers.facets import register
        from kebu.crm.customers.outlooks import provide
        from kebu.crm.segments import field_use, rule_use  # noqa: F401  tell what is used
        from kebu.crm.segments.facets import segment_facets
        from kebu.crm.segments.lists import snapshot_facets
        from kebu.crm.segments.saved_tabs import SavedTabs

        provide(SavedTabs())
        register("segment", segment_facets)
        register("snapshot", snapshot_facets)
