"""Room contacts."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Room contacts 联系人."""

    name = "kebu.crm.contacts"
    label = "contacts"
    verbose_name = "联系人"
