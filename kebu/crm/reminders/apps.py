"""Room reminders."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Room reminders 提醒."""

    name = "kebu.crm.reminders"
    label = "reminders"

    def ready(self) -> None:
        from kebu.crm.customers.followers import follows
        from kebu.crm.reminders import kinds
        from kebu.crm.reminders.assigned import tell_new_owners
        from kebu.crm.reminders.restored import settle_restored
        from kebu.office.backups.followers import follows as follows_restores

        kinds.announce()
        follows(tell_new_owners)
        follows_restores(settle_restored)
