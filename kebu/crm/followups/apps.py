"""Room followups."""

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    """Room followups 跟进计划."""

    name = "kebu.crm.followups"
    label = "followups"
    verbose_name = "跟进计划"

    def ready(self) -> None:
        """Plans go along with their customers, and are told of."""
        from kebu.base.tables.registry import register
        from kebu.crm.followups import handing_over, offering, tables, telling  # noqa: F401  hears of customers given away
        from kebu.crm.interactions import concluding, pressing
        from kebu.office.notices import kinds, readers

        kinds.register(telling.GIVEN)
        kinds.register(telling.TAKEN)
        readers.register("plan", telling.seen_among)
        register(tables.PLANS)
        register(tables.RECORDS)
        concluding.register(offering.Plans())
        pressing.register(offering.pressing)
