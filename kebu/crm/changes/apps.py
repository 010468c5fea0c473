"""Room changes."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """Room changes 重要变更."""

    name = "kebu.crm.changes"
    label = "changes"
    verbose_name = "重要变更"

    def ready(self) -> None:
        """Follow what is written of interactions and customers, and say what is told of it."""
        from kebu.crm.changes.actions import propose
        from kebu.crm.changes.telling import CHANGE, TALK, tell_of_talk
        from kebu.crm.customers import followers as customers
        from kebu.crm.interactions import followers as interactions
        from kebu.office.notices import kinds

        kinds.register(TALK)
        kinds.register(CHANGE)
        interactions.follows(tell_of_talk)
        customers.follows(propose)
