"""Room promises."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """Room promises 承诺."""

    name = "kebu.crm.promises"
    label = "promises"
    verbose_name = "承诺"

    def ready(self) -> None:
        """Follow what is written of interactions and customers."""
        from kebu.crm.customers import followers as customers
        from kebu.crm.interactions import followers as interactions
        from kebu.crm.interactions.pressing import register
        from kebu.crm.promises.actions import follow, hand_over
        from kebu.crm.promises.queries import pressing

        interactions.follows(follow)
        customers.follows(hand_over)
        register(pressing)
