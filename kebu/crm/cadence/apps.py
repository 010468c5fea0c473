"""Room cadence."""

from django.apps import AppConfig


class CadenceConfig(AppConfig):
    """Room cadence 跟进节奏."""

    name = "kebu.crm.cadence"
    label = "cadence"
    verbose_name = "跟进节奏"

    def ready(self) -> None:
        """Follow what changes of customers, of what was said with them, and of the office's days."""
        from kebu.crm.cadence import following, rulebook  # noqa: F401  the rulebook registers its directory
        from kebu.crm.customers.followers import follows
        from kebu.crm.interactions.followers import follows as follows_interactions
        from kebu.office.workdays.actions import follows as follows_days

        follows(following.follow)
        follows_interactions(following.follow_interaction)
        follows_days(following.follow_days)
