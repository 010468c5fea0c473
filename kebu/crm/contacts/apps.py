"""Room contacts."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Room contacts 联系人."""

    name = "kebu.crm.contacts"
    label = "contacts"
    verbose_name = "联系人"

    def ready(self) -> None:
        """Customers are found by this room too."""
        from kebu.crm.contacts import counting  # noqa: F401  registers what it counts
        from kebu.crm.contacts.facets import contact_facets
        from kebu.crm.customers import facets

        facets.register("contact", contact_facets)
