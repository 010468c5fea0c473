"""Room tagging."""

from django.apps import AppConfig


class TaggingConfig(AppConfig):
    """Room tagging 打标签."""

    name = "kebu.crm.tagging"
    label = "tagging"
    verbose_name = "打标签"

    def ready(self) -> None:
        """Tell how much tags are used, and follow what changes of customers."""
        from kebu.crm.customers.cells import DRAWINGS
        from kebu.crm.customers.followers import follows
        from kebu.crm.tagging import field_use  # noqa: F401  tells which own fields are used
        from kebu.crm.tagging.following import follow
        from kebu.crm.tagging.queries import overlap_count, tag_cell, used_counts
        from kebu.office.tags.queries import uses

        uses(used_counts, overlap_count)
        follows(follow)
        DRAWINGS["tags"] = tag_cell
