"""Room pool."""

from django.apps import AppConfig


class PoolConfig(AppConfig):
    """Room pool 公海."""

    name = "kebu.crm.pool"
    label = "pool"
    verbose_name = "公海"

    def ready(self) -> None:
        """Who comes into the pool and leaves it is noted, by whatever verb."""
        from kebu.crm.customers.followers import follows
        from kebu.crm.pool import recycling, telling  # noqa: F401  (a way of batches)
        from kebu.crm.pool.following import keep_entries
        from kebu.office.notices import kinds

        follows(keep_entries)
        kinds.register(telling.RELEASED)
