"""Room lifecycle."""

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    """Room lifecycle 客户历程."""

    name = "kebu.crm.lifecycle"
    label = "lifecycle"
    verbose_name = "客户历程"

    def ready(self) -> None:
        """Follow what becomes of customers."""
        from kebu.crm.customers.followers import follows
        from kebu.crm.lifecycle import following

        follows(following.keep_turns)
